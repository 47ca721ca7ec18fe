import Add from "@mui/icons-material/Add";
import Remove from "@mui/icons-material/Remove";
import Button from "@mui/material/Button";
import Checkbox from "@mui/material/Checkbox";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import FormControlLabel from "@mui/material/FormControlLabel";
import IconButton from "@mui/material/IconButton";
import Radio from "@mui/material/Radio";
import Stack from "@mui/material/Stack";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useState } from "react";

import type { MenuItem, ModifierGroup } from "#shared/contracts/views.ts";

import { formatMoney } from "../../../common/format.ts";
import type { BasketLine } from "../basket/basket.ts";
import { chosenOptions, openGroups, ruleText, toggled, unitMinor, type Choices } from "./choices.ts";

export interface ItemDialogProps {
  readonly item: MenuItem;
  readonly currency: string;
  readonly onAdd: (line: BasketLine) => void;
  readonly onClose: () => void;
}

/** One dish with its choices, before it goes into the basket. */
export function ItemDialog({ item, currency, onAdd, onClose }: ItemDialogProps) {
  const [choices, setChoices] = useState<Choices>({});
  const [quantity, setQuantity] = useState(1);
  const [note, setNote] = useState("");
  const missing = openGroups(item, choices);
  const add = () => {
    const options = chosenOptions(item, choices);
    const words = options.map((option) => option.name).join(", ");
    onAdd({
      itemId: item.id,
      name: item.name,
      optionIds: options.map((option) => option.id),
      choices: words,
      note: note.trim(),
      quantity,
    });
  };
  return (
    <Dialog open onClose={onClose} maxWidth="xs" fullWidth aria-labelledby="item-title">
      <DialogTitle id="item-title" variant="h3">
        {item.name}
      </DialogTitle>
      <DialogContent>
        <Stack spacing={2.5}>
          {item.description && <Typography color="textSecondary">{item.description}</Typography>}
          {item.modifierGroups.map((group) => (
            <Group
              key={group.id}
              group={group}
              currency={currency}
              chosen={choices[group.id] ?? []}
              onToggle={(id) => setChoices(toggled(choices, group, id))}
            />
          ))}
          <TextField
            label="A word to the kitchen"
            value={note}
            onChange={(event) => setNote(event.target.value)}
            slotProps={{ htmlInput: { maxLength: 200 } }}
          />
        </Stack>
      </DialogContent>
      <DialogActions sx={{ px: 3, pb: 3, gap: 1, justifyContent: "space-between" }}>
        <Stepper name={item.name} quantity={quantity} onChange={(next) => setQuantity(Math.max(1, next))} />
        <Button variant="contained" size="large" disabled={missing.length > 0} onClick={add}>
          {missing[0]
            ? `Choose: ${missing[0].name}`
            : `Add · ${formatMoney(unitMinor(item, choices) * quantity, currency)}`}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

interface GroupProps {
  readonly group: ModifierGroup;
  readonly currency: string;
  readonly chosen: readonly string[];
  readonly onToggle: (optionId: string) => void;
}

function Group({ group, currency, chosen, onToggle }: GroupProps) {
  const Control = group.maxChoices === 1 ? Radio : Checkbox;
  const full = group.maxChoices > 1 && chosen.length >= group.maxChoices;
  return (
    <Stack component="fieldset" sx={{ border: 0, p: 0, m: 0 }}>
      <Typography component="legend" variant="h5" sx={{ p: 0 }}>
        {group.name}{" "}
        <Typography component="span" variant="body2" color="textSecondary">
          ({ruleText(group)})
        </Typography>
      </Typography>
      {group.options.map((option) => (
        <FormControlLabel
          key={option.id}
          disabled={!option.available || (full && !chosen.includes(option.id))}
          control={<Control checked={chosen.includes(option.id)} onClick={() => onToggle(option.id)} />}
          sx={{ mr: 0, "& .MuiFormControlLabel-label": { flex: 1, display: "flex", justifyContent: "space-between" } }}
          label={
            <>
              <span>
                {option.name}
                {option.available ? "" : " (sold out)"}
              </span>
              {option.priceMinor > 0 && <span>+{formatMoney(option.priceMinor, currency)}</span>}
            </>
          }
        />
      ))}
    </Stack>
  );
}

interface StepperProps {
  readonly name: string;
  readonly quantity: number;
  readonly onChange: (quantity: number) => void;
}

/** Fewer, how many, more. */
export function Stepper({ name, quantity, onChange }: StepperProps) {
  return (
    <Stack direction="row" role="group" aria-label={`How many ${name}`} sx={{ alignItems: "center" }}>
      <IconButton aria-label={`Fewer ${name}`} onClick={() => onChange(quantity - 1)}>
        <Remove />
      </IconButton>
      <Typography component="output" sx={{ minWidth: 24, textAlign: "center", fontWeight: 700 }}>
        {quantity}
      </Typography>
      <IconButton aria-label={`More ${name}`} onClick={() => onChange(quantity + 1)}>
        <Add />
      </IconButton>
    </Stack>
  );
}
