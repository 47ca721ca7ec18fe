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
import type { Point } from "#shared/contracts/geo.ts";

import { CityMap } from "../../../common/map/city-map.tsx";
import { Pin } from "../../../common/map/pin.tsx";
import { useSession } from "../../../common/use-session.ts";
import { useAddressesQuery, useSaveAddressMutation } from "../../app/data.ts";
import { useServices } from "../../app/services.ts";
import { useAppDispatch, useAppSelector } from "../../app/store.ts";
import { AddressField } from "./address-field.tsx";
import { MyLocation } from "./my-location.tsx";
import { marketChosen, placeChosen } from "./place.ts";
import { pointOf } from "./typed-point.ts";
import type { Market } from "./use-place.ts";
import { usePlaceForm, type PlaceForm } from "./use-place-form.ts";

interface FieldsProps {
  readonly form: PlaceForm;
  readonly onChange: (change: Partial<PlaceForm>) => void;
}

/** Where to deliver: an address that is found, a click on the map, typed coordinates, or an address saved before. */
export function PlaceDialog({ market, onClose }: { readonly market: Market; readonly onClose: () => void }) {
  const place = useAppSelector((state) => state.place);
  const { sessions } = useServices();
  const signedIn = useSession(sessions.customer) !== undefined;
  const start = place.marketId === market.id && place.point ? place.point : market.center;
  const { form, change, shown, write, drop, goTo, show } = usePlaceForm(market.id, start, place);
  const choosing = useChoose(market, form, onClose);
  return (
    <Dialog open onClose={onClose} maxWidth="sm" fullWidth aria-labelledby="place-title">
      <DialogTitle id="place-title">Where shall we deliver?</DialogTitle>
      <DialogContent>
        <Stack spacing={2} sx={{ pt: 1 }}>
          {signedIn && (
            <SavedAddresses onChoose={({ point, line, instructions }) => goTo({ point, line, instructions })} />
          )}
          <AddressField
            marketId={market.id}
            near={start}
            line={form.line}
            onType={write}
            onChoose={({ point, line }) => goTo({ point, line })}
          />
          <MyLocation
            onPoint={(point) => {
              drop(point);
              show(point);
            }}
          />
          <Box sx={{ borderRadius: 1, overflow: "hidden", border: 1, borderColor: "divider" }}>
            <CityMap
              marketId={market.id}
              center={start}
              label="Map: click where to deliver"
              height={280}
              {...(shown ? { fit: [shown] } : {})}
              onPick={drop}
            >
              {choosing.point && <Pin at={choosing.point} kind="drop" label="Deliver here" />}
            </CityMap>
          </Box>
          <Coordinates form={form} onChange={change} isPlace={choosing.point !== undefined} />
          <Instructions form={form} onChange={change} />
          {signedIn && (
            <FormControlLabel
              control={<Checkbox checked={form.keep} onChange={(event) => change({ keep: event.target.checked })} />}
              label="Keep this address"
            />
          )}
          {choosing.failed && <Alert severity="error">The address could not be kept.</Alert>}
        </Stack>
      </DialogContent>
      <DialogActions sx={{ px: 3, pb: 2 }}>
        <Button onClick={onClose}>Back</Button>
        <Button
          variant="contained"
          disabled={!choosing.point}
          loading={choosing.busy}
          onClick={() => void choosing.done()}
        >
          Deliver here
        </Button>
      </DialogActions>
    </Dialog>
  );
}

/** Takes the place, after keeping it where that was wished. */
function useChoose(market: Market, form: PlaceForm, onClose: () => void) {
  const dispatch = useAppDispatch();
  const { newKey } = useServices();
  const [save, saving] = useSaveAddressMutation();
  const point = pointOf(form.lat, form.lng);
  const [line, instructions] = [form.line.trim(), form.instructions.trim()];
  const done = async () => {
    if (!point) return;
    if (form.keep && line !== "") {
      const saved = await save({ id: newKey(), label: line.slice(0, 40), line, instructions, point });
      if (saved.error) return;
    }
    dispatch(marketChosen(market.id));
    dispatch(placeChosen({ point, line, instructions }));
    onClose();
  };
  return { point, done, busy: saving.isLoading, failed: saving.isError };
}

function Coordinates({ form, onChange, isPlace }: FieldsProps & { readonly isPlace: boolean }) {
  return (
    <Stack direction="row" spacing={1.5}>
      <TextField
        size="small"
        label="Latitude"
        value={form.lat}
        error={!isPlace}
        onChange={(event) => onChange({ lat: event.target.value })}
        slotProps={{ htmlInput: { inputMode: "decimal" } }}
      />
      <TextField
        size="small"
        label="Longitude"
        value={form.lng}
        error={!isPlace}
        onChange={(event) => onChange({ lng: event.target.value })}
        slotProps={{ htmlInput: { inputMode: "decimal" } }}
      />
    </Stack>
  );
}

function Instructions({ form, onChange }: FieldsProps) {
  return (
    <TextField
      label="How to find you (floor, bell, gate)"
      value={form.instructions}
      onChange={(event) => onChange({ instructions: event.target.value })}
      slotProps={{ htmlInput: { maxLength: 300 } }}
    />
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
