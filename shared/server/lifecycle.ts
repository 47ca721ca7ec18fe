import type { Log } from "./log.ts";

/** A part of a process that was started and must be let go. */
export interface Service {
  readonly name: string;
  /** Takes no new work and finishes what it holds. */
  drain?(): Promise<void>;
  /** Lets go of sockets, pools and timers. Called after every `drain`. */
  stop(): Promise<void>;
}

/**
 * Ends services in the reverse of the order they began: what faces people drains first, what it leans on stops last.
 * One that fails is logged and does not keep the others up. [LIF1] [LIF2]
 */
export async function shutDown(started: readonly Service[], log: Pick<Log, "error">): Promise<void> {
  const reversed = started.toReversed();
  for (const phase of ["drain", "stop"] as const) {
    for (const service of reversed) {
      try {
        // One after the other: the order is the point.
        await service[phase]?.();
      } catch (error) {
        log.error({ error, phase, service: service.name }, "shutdown step failed");
      }
    }
  }
}

/** What `endOnSignal` needs of a process. */
export interface SignalSource {
  on(event: "SIGTERM" | "SIGINT", listener: () => void): unknown;
  exit(code: number): void;
}

/**
 * On the first SIGTERM or SIGINT shuts everything down and exits with 0; after `withinMs` it exits with 1 whatever
 * still hangs. Further signals change nothing, because a terminal and npm both send one. [LIF3] [LIF4]
 */
export function endOnSignal(started: readonly Service[], log: Log, source: SignalSource, withinMs = 20_000): void {
  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    const impatience = setTimeout(() => {
      log.error({ withinMs }, "shutdown took too long");
      source.exit(1);
    }, withinMs);
    void shutDown(started, log).then(() => {
      clearTimeout(impatience);
      source.exit(0);
    });
  };
  source.on("SIGTERM", end);
  source.on("SIGINT", end);
}
