/**
 * Does one after the other, whatever becomes of those before: what cannot be done must not keep the rest waiting for ever.
 *
 * @throws {AggregateError} at the end, with every failure
 */
export async function eachAlone<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const failed: unknown[] = [];
  for (const item of items) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one after the other is the point
      await work(item);
    } catch (error) {
      failed.push(error);
    }
  }
  if (failed.length > 0) throw new AggregateError(failed, `${failed.length} of ${items.length} failed`);
}
