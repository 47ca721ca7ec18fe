import Autocomplete from "@mui/material/Autocomplete";
import Box from "@mui/material/Box";
import CircularProgress from "@mui/material/CircularProgress";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useEffect, useMemo, useState } from "react";

import { wallClock } from "#shared/client/wall-clock.ts";
import type { FoundPlace } from "#shared/contracts/catalogue/geocoding.ts";
import type { Point } from "#shared/contracts/geo.ts";

import { formatDistance } from "../../../common/format.ts";
import { useServices } from "../../app/services.ts";
import { makeAddressSearch, NO_SUGGESTIONS, type Suggestions } from "./address-search.ts";

interface AddressFieldProps {
  readonly marketId: string;
  /** What lies nearer to it comes first. */
  readonly near: Point;
  readonly line: string;
  readonly onType: (line: string) => void;
  readonly onChoose: (place: FoundPlace) => void;
}

/** The address in words, with suggestions from the city's own addresses; where none are known it is a field for text. */
export function AddressField({ marketId, near, line, onType, onChoose }: AddressFieldProps) {
  const { suggestions, search } = useSuggestions(marketId, near);
  return (
    <Autocomplete<FoundPlace, false, false, true>
      freeSolo
      fullWidth
      options={suggestions.places}
      // The hub has chosen and ordered them.
      filterOptions={(places) => places}
      getOptionLabel={(place) => (typeof place === "string" ? place : place.line)}
      getOptionKey={(place) =>
        typeof place === "string" ? place : `${place.label}@${place.point.lat},${place.point.lng}`
      }
      value={null}
      inputValue={line}
      onInputChange={(_, text, reason) => {
        // Only what a person types is looked for: a chosen place, and one that the map named, are found already.
        if (reason !== "input" && reason !== "clear") return;
        onType(text);
        search.typed(text);
      }}
      onChange={(_, place) => {
        if (place === null || typeof place === "string") return;
        search.stop();
        onChoose(place);
      }}
      renderOption={({ key, ...props }, place) => (
        <Box component="li" key={key} {...props}>
          <Suggestion place={place} />
        </Box>
      )}
      renderInput={(params) => (
        <TextField
          {...params}
          label="Address"
          placeholder="Street and number, corner or place"
          helperText={helpOf(suggestions, line)}
          slotProps={{
            ...params.slotProps,
            htmlInput: { ...params.slotProps.htmlInput, maxLength: 200, autoComplete: "off" },
            input: {
              ...params.slotProps.input,
              endAdornment: (
                <>
                  {suggestions.isAsking && <CircularProgress size={18} aria-label="Looking for addresses" />}
                  {params.slotProps.input.endAdornment}
                </>
              ),
            },
            formHelperText: { role: "status" },
          }}
        />
      )}
    />
  );
}

function Suggestion({ place: { label, line, quarter, exact, distanceM } }: { readonly place: FoundPlace }) {
  const details = [
    line === label ? "" : line.slice(label.length + 2),
    quarter ?? "",
    exact ? "" : "number not known: about here",
    distanceM === null ? "" : formatDistance(distanceM),
  ].filter((each) => each !== "");
  return (
    <Box sx={{ minWidth: 0, py: 0.5 }}>
      <Typography noWrap>{label}</Typography>
      <Typography variant="body2" color="textSecondary" noWrap>
        {details.join(" · ")}
      </Typography>
    </Box>
  );
}

/** What stands below the field: why there are no suggestions, or whose data they are. */
function helpOf({ text, places, attribution, isAsking, failure }: Suggestions, line: string): string {
  if (failure) return "Addresses cannot be looked up just now: write yours, and click on the map where it is.";
  const isAnswered = !isAsking && text !== "" && text === line.trim();
  if (isAnswered && attribution !== null && places.length === 0) {
    return "No such address here: click on the map to drop a pin instead.";
  }
  return places.length > 0 && attribution !== null ? `Addresses: ${attribution}` : " ";
}

function useSuggestions(marketId: string, { lat, lng }: Point) {
  const { apis } = useServices();
  const [suggestions, show] = useState<Suggestions>(NO_SUGGESTIONS);
  const search = useMemo(
    () =>
      makeAddressSearch({
        clock: wallClock,
        show,
        search: (text, signal) => apis.customer.call("places.search", { marketId, text, lat, lng }, { signal }),
      }),
    [apis, marketId, lat, lng],
  );
  useEffect(() => search.stop, [search]);
  return { suggestions, search };
}
