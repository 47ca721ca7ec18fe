/** An entry of a column; 0 beyond its end, where a whole table never looks. */
export function entry(column: ArrayLike<number>, row: number): number {
  return column[row] ?? 0;
}
