/** Runs `task` for every item, at most `atOnce` at a time. The first failure is thrown when all that had begun have ended. */
export async function inTurns<T, R>(
  items: readonly T[],
  atOnce: number,
  task: (item: T, index: number) => Promise<R>,
  signal?: { throwIfAborted(): void },
): Promise<R[]> {
  const results: R[] = [];
  const left = items.entries();
  const failures: unknown[] = [];
  const hand = async (): Promise<void> => {
    for (const [index, item] of left) {
      if (failures.length > 0) return;
      try {
        signal?.throwIfAborted();
        // oxlint-disable-next-line no-await-in-loop -- one hand does one thing at a time
        results[index] = await task(item, index);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, hand));
  if (failures.length > 0) throw failures[0];
  return results;
}
