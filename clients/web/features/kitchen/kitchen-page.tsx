import Card from "@mui/material/Card";
import Button from "@mui/material/Button";
import Stack from "@mui/material/Stack";
import Typography from "@mui/material/Typography";
import { useState } from "react";

import { Empty } from "../../../common/notice.tsx";
import { useSession } from "../../../common/use-session.ts";
import { useRestaurantQuery } from "../../app/data.ts";
import { useServices } from "../../app/services.ts";
import { StaffFrame, StaffSignIn } from "../../app/staff-frame.tsx";
import { KitchenBoard } from "./kitchen-board.tsx";
import type { Place } from "./use-kitchen-commands.ts";

/** `/kitchen`: the tickets of one restaurant. */
export function KitchenPage() {
  const { sessions } = useServices();
  const signedIn = useSession(sessions.kitchen);
  const [chosen, setChosen] = useState<Place>();
  if (!signedIn)
    return <StaffSignIn screen="kitchen" title="Kitchen" hint="Sign in with the account of your kitchen." />;
  const places = signedIn.person.roles.flatMap(({ role, marketId, restaurantId }) =>
    (role === "kitchen" || role === "restaurant_admin") && marketId !== null && restaurantId !== null
      ? [{ marketId, restaurantId }]
      : [],
  );
  const [first] = places;
  if (!first) {
    return (
      <StaffFrame screen="kitchen" title="Kitchen" status="connecting">
        <Empty title="This account cooks nowhere">Ask your administrator for the role of a kitchen.</Empty>
      </StaffFrame>
    );
  }
  const place =
    places.find((each) => each.restaurantId === chosen?.restaurantId) ?? (places.length === 1 ? first : undefined);
  if (place) return <KitchenBoard key={place.restaurantId} place={place} />;
  return (
    <StaffFrame screen="kitchen" title="Kitchen" status="connecting">
      <Stack sx={{ p: 3, gap: 2, maxWidth: 480, mx: "auto" }}>
        <Typography variant="h2">Which kitchen?</Typography>
        {places.map((each) => (
          <PlaceButton key={each.restaurantId} place={each} onChoose={() => setChosen(each)} />
        ))}
      </Stack>
    </StaffFrame>
  );
}

function PlaceButton({ place, onChoose }: { readonly place: Place; readonly onChoose: () => void }) {
  const { data } = useRestaurantQuery(place);
  return (
    <Card>
      <Button fullWidth size="large" onClick={onChoose}>
        {data?.name ?? "…"}
      </Button>
    </Card>
  );
}
