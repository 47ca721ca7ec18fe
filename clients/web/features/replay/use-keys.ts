import { useEffect, useRef } from "react";

import { jump, type Tick } from "./frames.ts";
import type { Playhead } from "./use-playhead.ts";

/** Space plays and pauses, "," and "." go one event back and on; arrows are the time line's own. */
export function useKeys(head: Playhead, ticks: readonly Tick[]): void {
  const now = useRef({ head, ticks });
  now.current = { head, ticks };
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      // What is typed into a field, or presses a button, is not meant for the time line.
      if (event.target instanceof HTMLElement && event.target.closest("button, a, [role=combobox], textarea")) return;
      const { head: playhead, ticks: all } = now.current;
      const leap = event.key === "." ? "next" : event.key === "," ? "before" : undefined;
      if (event.key === " ") playhead.play(!playhead.playing);
      else if (leap === undefined) return;
      else playhead.seek(jump(all, playhead.atMs, leap) ?? playhead.atMs);
      event.preventDefault();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
}
