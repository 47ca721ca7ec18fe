import { useState } from "react";

import type { Failure } from "../../../common/failure.ts";
import { Empty, Failed, Loading } from "../../../common/notice.tsx";
import { useSession } from "../../../common/use-session.ts";
import { useMarketsQuery } from "../../app/data.ts";
import { queryFailure } from "../../app/query-failure.ts";
import { useServices } from "../../app/services.ts";
import { StaffFrame, StaffSignIn } from "../../app/staff-frame.tsx";
import { OpsBoard } from "./ops-board.tsx";
import { mayOf } from "./powers.ts";

/** `/ops`: one market, as its operators see it. */
export function OpsPage() {
  const { sessions } = useServices();
  const signedIn = useSession(sessions.ops);
  const { data, error, refetch } = useMarketsQuery({});
  const [chosen, setChosen] = useState<string>();
  if (!signedIn)
    return <StaffSignIn screen="ops" title="Operations" hint="For dispatchers, support and administrators." />;
  const { roles } = signedIn.person;
  const mine = data?.markets.filter((market) => mayOf(roles, market.id).see) ?? [];
  const market = mine.find((each) => each.id === chosen) ?? mine[0];
  if (market) {
    return (
      <OpsBoard key={market.id} market={market} markets={mine} may={mayOf(roles, market.id)} onMarket={setChosen} />
    );
  }
  return (
    <StaffFrame screen="ops" title="Operations" status="connecting">
      {data ? (
        <Empty title="No city to look after">This account has no office role here.</Empty>
      ) : (
        <Waiting failure={error && queryFailure(error)} onRetry={() => void refetch()} />
      )}
    </StaffFrame>
  );
}

function Waiting({ failure, onRetry }: { readonly failure: Failure | undefined; readonly onRetry: () => void }) {
  return failure ? <Failed failure={failure} onRetry={onRetry} /> : <Loading what="Looking up the cities…" />;
}
