// Artillery would bundle a processor in TypeScript; Node reads it as it is.
export * from "./processor.ts";
