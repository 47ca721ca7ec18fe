interface Waiting<K, V> {
  readonly key: K;
  readonly done: (value: V) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Asks for one thing as if alone, and for many together when many ask: what is asked in one turn goes together, and what is
 * asked while `atOnce` askings are under way with the next one. Nothing waits while there is little to do, and a storm becomes few askings. Each is asked after it was
 * wanted, so that the answer is not older than the question. [RTM36]
 *
 * @param ask answers in the order of its keys, one value each; its failure is that of all of them
 */
export function gathered<K, V>(
  ask: (keys: readonly K[]) => Promise<readonly V[]>,
  { atOnce = 4, most = 500 }: { readonly atOnce?: number; readonly most?: number } = {},
): (key: K) => Promise<V> {
  const waiting: Waiting<K, V>[] = [];
  let running = 0;

  async function together(some: readonly Waiting<K, V>[]): Promise<void> {
    try {
      const values = await ask(some.map(({ key }) => key));
      if (values.length !== some.length) throw new Error(`${some.length} things were asked, ${values.length} answered`);
      // Cast: there are as many values as keys.
      for (const [at, { done }] of some.entries()) done(values[at] as V);
    } catch (error) {
      for (const { failed } of some) failed(error);
    }
  }

  async function run(): Promise<void> {
    running += 1;
    // What is asked in the same turn goes with it.
    await Promise.resolve();
    // oxlint-disable-next-line no-await-in-loop -- the others wait for this one
    while (waiting.length > 0) await together(waiting.splice(0, most));
    running -= 1;
  }

  return (key) =>
    new Promise((done, failed) => {
      waiting.push({ key, done, failed });
      if (running < atOnce) void run();
    });
}
