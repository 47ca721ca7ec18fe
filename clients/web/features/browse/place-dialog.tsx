import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Chip from "@mui/material/Chip";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import FormControlLabel from "@mui/material/FormControlLabel";
import Checkbox from "@mui/material/Checkbox";
import Stack from "@mui/material/Stack";
import TextField from "@mui/material/TextField";
import { useState } from "react";

import type { Point } from "#shared/contracts/geo.ts";

import { Pin } from "../../../common/map/pin.tsx";
import { PlainMap } from "../../../common/map/plain-map.tsx";
import { useSession } from "../../../common/use-session.ts";
import { useAddressesQuery, useSaveAddressMutation } from "../../app/data.ts";
import { useServices } from "../../app/services.ts";
import { useAppDispatch, useAppSelector } from "../../app/store.ts";
import { marketChosen, placeChosen } from "./place.ts";
import { pointOf } from "./typed-point.ts";
import type { Market } from "./use-place.ts";

/** Where to deliver: a click on the map, typed coordinates, or an address saved before. */
export function PlaceDialog({ market, onClose }: { readonly market: Market; readonly onClose: () => void }) {
  const place = useAppSelector((state) => state.place);
  const dispatch = useAppDispatch();
  const services = useServices();
  const signedIn = useSession(services.sessions.customer) !== undefined;
  const start = place.marketId === market.id && place.point ? place.point : market.center;
  const [typed, setTyped] = useState(textOf(start));
  const [line, setLine] = useState(place.line);
  const [instructions, setInstructions] = useState(place.instructions);
  const [keep, setKeep] = useState(false);
  const [save, saving] = useSaveAddressMutation();
  const point = pointOf(typed.lat, typed.lng);

  const done = async () => {
    if (!point) return;
    if (keep && line.trim() !== "") {
      const saved = await save({ id: services.newKey(), label: line.trim().slice(0, 40), line, instructions, point });
      if (saved.error) return;
    }
    dispatch(marketChosen(market.id));
    dispatch(placeChosen({ point, line: line.trim(), instructions: instructions.trim() }));
    onClose();
  };

  return (
    <Dialog open onClose={onClose} maxWidth="sm" fullWidth aria-labelledby="place-title">
      <DialogTitle id="place-title">Where shall we deliver?</DialogTitle>
      <DialogContent>
        <Stack spacing={2}>
          {signedIn && (
            <SavedAddresses
              onChoose={(saved) => {
                setTyped(textOf(saved.point));
                setLine(saved.line);
                setInstructions(saved.instructions);
              }}
            />
          )}
          <Box sx={{ borderRadius: 1, overflow: "hidden", border: 1, borderColor: "divider" }}>
            <PlainMap
              center={start}
              label="Map: click where to deliver"
              height={280}
              onPick={(picked) => setTyped(textOf(picked))}
            >
              {point && <Pin at={point} kind="drop" label="Deliver here" />}
            </PlainMap>
          </Box>
          <Stack direction="row" spacing={1.5}>
            <TextField
              size="small"
              label="Latitude"
              value={typed.lat}
              error={!point}
              onChange={(event) => setTyped({ ...typed, lat: event.target.value })}
              slotProps={{ htmlInput: { inputMode: "decimal" } }}
            />
            <TextField
              size="small"
              label="Longitude"
              value={typed.lng}
              error={!point}
              onChange={(event) => setTyped({ ...typed, lng: event.target.value })}
              slotProps={{ htmlInput: { inputMode: "decimal" } }}
            />
          </Stack>
          <TextField
            label="Address for the courier"
            value={line}
            autoComplete="street-address"
            onChange={(event) => setLine(event.target.value)}
            slotProps={{ htmlInput: { maxLength: 200 } }}
          />
          <TextField
            label="How to find you (floor, bell, gate)"
            value={instructions}
            onChange={(event) => setInstructions(event.target.value)}
            slotProps={{ htmlInput: { maxLength: 300 } }}
          />
          {signedIn && (
            <FormControlLabel
              control={<Checkbox checked={keep} onChange={(event) => setKeep(event.target.checked)} />}
              label="Keep this address"
            />
          )}
          {saving.error && <Alert severity="error">The address could not be kept.</Alert>}
        </Stack>
      </DialogContent>
      <DialogActions sx={{ px: 3, pb: 2 }}>
        <Button onClick={onClose}>Back</Button>
        <Button variant="contained" disabled={!point} loading={saving.isLoading} onClick={() => void done()}>
          Deliver here
        </Button>
      </DialogActions>
    </Dialog>
  );
}

type Saved = { readonly point: Point; readonly line: string; readonly instructions: string };

function SavedAddresses({ onChoose }: { readonly onChoose: (saved: Saved) => void }) {
  const { data } = useAddressesQuery({});
  if (!data || data.addresses.length === 0) return null;
  return (
    <Stack direction="row" useFlexGap role="group" aria-label="My addresses" sx={{ flexWrap: "wrap", gap: 1 }}>
      {data.addresses.map((address) => (
        <Chip key={address.id} label={address.label} clickable onClick={() => onChoose(address)} />
      ))}
    </Stack>
  );
}

function textOf(point: Point) {
  return { lat: point.lat.toFixed(5), lng: point.lng.toFixed(5) };
}
