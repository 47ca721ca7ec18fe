import { pino } from "pino";
import type { DestinationStream, Logger } from "pino";

export type Log = Logger;

/** Keys whose values never reach a log, at the top of what is logged and one and two levels below. [LOG1] */
const SECRETS = [
  "authorization",
  "password",
  "passwordHash",
  "token",
  "accessToken",
  "refreshToken",
  "cookie",
  "set-cookie",
  "client_secret",
  "clientSecret",
  "secret",
  "idempotency-key",
  "x-goog-api-key",
  "GOOGLE_ROUTES_KEY",
];

const PATHS = ["", "*.", "*.*."].flatMap((above) =>
  SECRETS.map((key) => (/[^\w]/u.test(key) ? `${above.replace(/\.$/u, "")}["${key}"]` : `${above}${key}`)),
);

/**
 * One process' log: JSON lines on standard error (standard output belongs to the line that says where it listens).
 *
 * @param name of the process, on every line
 */
export function makeLog(
  name: string,
  level: string,
  destination: DestinationStream = pino.destination({ fd: 2, sync: false }),
): Log {
  return pino(
    {
      name,
      level,
      redact: { paths: PATHS, censor: "[secret]" },
      serializers: { error: pino.stdSerializers.err, err: pino.stdSerializers.err },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
}
