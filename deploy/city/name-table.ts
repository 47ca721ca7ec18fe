/** Every name of a city once, in the order in which they came; 0 is no name. */
export class NameTable {
  readonly #idOf = new Map<string, number>([["", 0]]);

  idOf(name: string): number {
    const known = this.#idOf.get(name);
    if (known !== undefined) return known;
    this.#idOf.set(name, this.#idOf.size);
    return this.#idOf.size - 1;
  }

  get all(): string[] {
    return [...this.#idOf.keys()];
  }
}
