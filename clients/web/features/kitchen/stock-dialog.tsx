import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import FormControlLabel from "@mui/material/FormControlLabel";
import Stack from "@mui/material/Stack";
import Switch from "@mui/material/Switch";
import Typography from "@mui/material/Typography";

import type { MenuItem, MenuView } from "#shared/contracts/views.ts";

import { Loading } from "../../../common/notice.tsx";
import type { KitchenCommands, Place } from "./use-kitchen-commands.ts";

export interface StockDialogProps {
  readonly menu: MenuView | undefined;
  readonly place: Place;
  readonly commands: KitchenCommands;
  readonly onChanged: () => void;
  readonly onClose: () => void;
}

/** Marks dishes out (86) and in again. */
export function StockDialog({ menu, place, commands, onChanged, onClose }: StockDialogProps) {
  const set = async (item: MenuItem, available: boolean) => {
    const done = await commands.run(item.id, "item.set-availability", { ...place, id: item.id, available });
    if (done) onChanged();
  };
  return (
    <Dialog open onClose={onClose} maxWidth="xs" fullWidth aria-labelledby="stock-title">
      <DialogTitle id="stock-title">Menu and stock</DialogTitle>
      <DialogContent>
        {!menu && <Loading what="Fetching the menu…" />}
        {menu?.categories.map((category) => (
          <Stack key={category.id} sx={{ mb: 2 }}>
            <Typography variant="h5" component="h3">
              {category.name}
            </Typography>
            {category.items.map((item) => (
              <FormControlLabel
                key={item.id}
                disabled={commands.busy.has(item.id)}
                sx={{ justifyContent: "space-between", ml: 0, minHeight: 48 }}
                labelPlacement="start"
                control={<Switch checked={item.available} onChange={(_, available) => void set(item, available)} />}
                label={`${item.name}${item.stock === null ? "" : ` · ${item.stock} left`}${item.available ? "" : " · sold out"}`}
              />
            ))}
          </Stack>
        ))}
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>Done</Button>
      </DialogActions>
    </Dialog>
  );
}
