/**
 * What an EventEmitter keeps its listeners in. Node's own, `{ __proto__: null }`, is a hash table, of 200 bytes at the least; an instance of this
 * inherits as little, and V8 lays it out as that of any class.
 */
export class Listeners {
  static {
    Reflect.deleteProperty(Listeners.prototype, "constructor");
    Object.setPrototypeOf(Listeners.prototype, null);
  }
}

/** Lays an emitter's listeners out as {@link Listeners}, and lists of them as long as they are: they were made to grow. [RTM49] */
export function laidFlat(emitter: object): void {
  // Cast: where every EventEmitter of Node has them; a test looks that it is so.
  const holder = emitter as { _events: Readonly<Record<string, unknown>> };
  const flat: Record<string, unknown> = Object.assign(new Listeners(), holder._events);
  for (const [event, heard] of Object.entries(flat)) if (Array.isArray(heard)) flat[event] = heard.slice();
  holder._events = flat;
}
