import { hash, verify } from "@node-rs/argon2";

import { Refusal } from "#shared/contracts/errors.ts";

/** OWASP's password storage cheat sheet: Argon2id, 19 MiB, 2 passes, 1 lane. The algorithm is the library's default. */
const STRONG = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** A thousandth of the work: for simulated people who sign up by the hundred. The settings refuse it elsewhere. [CFG8] */
const LOW = { memoryCost: 256, timeCost: 1, parallelism: 1 };

export interface Passwords {
  hash(password: string): Promise<string>;
  /** Takes as long for an account that is not there (`undefined`) as for a wrong password. */
  matches(password: string, passwordHash: string | undefined): Promise<boolean>;
}

/**
 * Argon2id on the thread pool, never on the event loop; few at a time, because the pool serves others too. [ACC1, ACC3]
 *
 * @param limits `atOnce` hashes run, `waiting` more wait; beyond, `hub.overloaded`
 * @param strength of the hashes that are made; what was hashed before is still known
 */
export function makePasswords(
  limits: { readonly atOnce: number; readonly waiting: number },
  strength: "strong" | "low" = "strong",
): Passwords {
  const gate = makeGate(limits);
  const cost = strength === "low" ? LOW : STRONG;
  let decoy: Promise<string> | undefined;
  return {
    hash: (password) => gate(() => hash(password, cost)),
    matches: async (password, passwordHash) => {
      decoy ??= hash("nobody has this password", cost);
      const against = passwordHash ?? (await decoy);
      const same = await gate(() => verify(against, password));
      return same && passwordHash !== undefined;
    },
  };
}

function makeGate(limits: { readonly atOnce: number; readonly waiting: number }) {
  const queue: (() => void)[] = [];
  let running = 0;
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= limits.atOnce) {
      if (queue.length >= limits.waiting) throw new Refusal("hub.overloaded", "too many sign-ins at once; try again");
      await new Promise<void>((resolve) => queue.push(resolve));
    }
    running += 1;
    try {
      return await work();
    } finally {
      running -= 1;
      queue.shift()?.();
    }
  };
}
