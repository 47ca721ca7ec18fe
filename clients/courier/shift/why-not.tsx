import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Stack from "@mui/material/Stack";
import Typography from "@mui/material/Typography";
import { useState } from "react";

import type { PassedOver } from "#shared/contracts/dispatch.ts";

import { failureOf, type Failure } from "../../common/failure.ts";
import { useLink } from "../link/use-link.ts";

/** Why no offer comes: asked when somebody wonders, and said in words. */
export function WhyNot() {
  const link = useLink();
  const [told, setTold] = useState<PassedOver>();
  const [failure, setFailure] = useState<Failure>();
  const [asking, setAsking] = useState(false);
  const ask = async () => {
    setAsking(true);
    try {
      setTold(await link.whyNot());
      setFailure(undefined);
    } catch (error) {
      setFailure(failureOf(error));
    } finally {
      setAsking(false);
    }
  };
  return (
    <Box component="section" aria-label="Why no offer">
      {failure && <Alert severity="warning">{failure.title}</Alert>}
      {told && !failure && <Told told={told} />}
      <Button loading={asking} onClick={() => void ask()} sx={{ minHeight: 56, px: 0, fontSize: "1.0625rem" }}>
        {told ? "Ask again" : "Why no offer?"}
      </Button>
    </Box>
  );
}

function Told({ told }: { readonly told: PassedOver }) {
  return (
    <Stack role="status" sx={{ gap: 1, maxHeight: "30dvh", overflowY: "auto" }}>
      <Typography sx={{ fontSize: "1.0625rem" }}>{told.words}</Typography>
      {told.orders.map((order, index) => (
        // Two orders of one restaurant are told apart by their place alone.
        <Typography key={`${order.restaurantId} ${index}`} sx={{ fontSize: "1.0625rem" }}>
          <strong>{order.restaurantName}</strong>: {order.words}
        </Typography>
      ))}
    </Stack>
  );
}
