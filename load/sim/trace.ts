/** Told what happens, when somebody wants to read it. */
export type Trace = (what: string) => void;
