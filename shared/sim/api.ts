import type { Api, CallOptions } from "../client/rest-client.ts";
import type { CommandInput, CommandName, CommandOutput } from "../contracts/catalogue/catalogue.ts";
import { Refusal } from "../contracts/errors.ts";
import type { Identity } from "../domain/rights/identity.ts";
import type { makeSimEdge } from "./edge.ts";

/** REST without a network: asked late, answered late, refused as the real client refuses. */
export function makeSimApi(
  edge: ReturnType<typeof makeSimEdge>,
  link: () => (arrive: () => void) => void,
  newKey: () => string,
  identity: () => Identity | undefined,
): Api {
  const [up, down] = [link(), link()];
  return {
    call<N extends CommandName>(name: N, input: CommandInput<N>, call: CallOptions = {}): Promise<CommandOutput<N>> {
      const key = call.key ?? newKey();
      // Cast: the edge answers this name with this command's output.
      return overLink(up, down, () => edge(name, { identity: identity(), key }, input) as CommandOutput<N>);
    },
  };
}

/** Asks at the far end of a link; what is thrown there is told here, but a bug ends the run. */
export function overLink<T>(
  up: (arrive: () => void) => void,
  down: (arrive: () => void) => void,
  ask: () => T,
): Promise<T> {
  return new Promise((resolve, reject) => {
    up(() => {
      try {
        const answer = ask();
        down(() => resolve(answer));
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        down(() => reject(error));
      }
    });
  });
}
