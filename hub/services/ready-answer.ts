/** An answer whose text stands ready, in its command's form: whoever made it has seen to that. */
export class ReadyAnswer {
  readonly text: string;
  /** Names the text, where it was named when it was made. */
  readonly tag: string | undefined;

  constructor(text: string, tag?: string) {
    this.text = text;
    this.tag = tag;
  }
}
