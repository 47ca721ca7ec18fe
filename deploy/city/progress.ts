/** Tells a person how far a long work is. */
export interface Progress {
  /** @param share of this step that is done, 0 to 1, where it is known */
  during(step: string, share?: number): void;
  /** After the last step. */
  done(): void;
}

interface Screen {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

const CLEAR_LINE = "\r\u001B[2K";
/** A log gets a line for each step, and in a long one for each of these shares of it. */
const LOGGED_SHARE = 0.25;

/** One line that is written over on a terminal, lines one after the other elsewhere. */
export function progressOn(screen: Screen, nowMs: () => number): Progress {
  const beganAtMs = nowMs();
  let [last, lastShare] = ["", 0];
  return {
    during(step, share = 0) {
      const isNew = step !== last;
      if (!isNew && share - lastShare < (screen.isTTY === true ? 0.01 : LOGGED_SHARE)) return;
      [last, lastShare] = [step, share];
      const seconds = ((nowMs() - beganAtMs) / 1000).toFixed(1).padStart(6);
      const line = `${seconds} s  ${step}${share > 0 ? ` ${Math.floor(share * 100)} %` : ""}`;
      screen.write(screen.isTTY === true ? `${CLEAR_LINE}${line}` : `${line}\n`);
    },
    done() {
      if (screen.isTTY === true) screen.write(CLEAR_LINE);
    },
  };
}
