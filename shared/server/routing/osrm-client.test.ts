import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { expect, onTestFinished, test } from "vitest";

import { makeOsrmClient } from "./osrm-client.ts";

const PROFILES = { car: "driving", motorbike: "driving", bicycle: "cycling", foot: "walking" } as const;
const point = (index: number) => ({ lat: -34.9, lng: -56.18 + index / 1000 });

async function clientOf(status: number, body: string, timeoutMs = 2_000) {
  const server = createServer((_, response) => {
    if (body !== "") response.writeHead(status, { "content-type": "application/json" }).end(body);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => server.closeAllConnections());
  onTestFinished(() => void server.close());
  // Cast: a server that listens on a port has its address.
  const { port } = server.address() as AddressInfo;
  return makeOsrmClient({ url: `http://127.0.0.1:${port}`, profileOf: PROFILES, timeoutMs });
}
const told = (rows: readonly (readonly (number | null)[])[]) =>
  JSON.stringify({ code: "Ok", durations: rows, distances: rows });

test.each([
  ["a row is missing", 200, told([[1, 2]]), "another size"],
  ["a cell is missing", 200, told([[1, 2], [3]]), "another size"],
  [
    "a number is below nothing",
    200,
    told([
      [1, -2],
      [3, 4],
    ]),
    "expected",
  ],
  ["it is no JSON", 200, "<html>", "JSON"],
  ["it is down", 503, "{}", "answers 503"],
  ["one of the points has no street", 400, JSON.stringify({ code: "NoSegment" }), "answers 400 NoSegment"],
])("[DSP67] an answer in which %s is none", async (_, status, body, words) => {
  const client = await clientOf(status, body);
  await expect(client.table("car", [point(0), point(1)], [point(2), point(3)])).rejects.toThrow(words);
});

test("[DSP67] no way is told as none, and a late answer is not waited for", async () => {
  const client = await clientOf(200, told([[null, 2]]));
  expect(await client.table("car", [point(0)], [point(2), point(3)])).toEqual({
    durationsS: [[null, 2]],
    distancesM: [[null, 2]],
  });
  const silent = await clientOf(200, "", 20);
  await expect(silent.table("car", [point(0)], [point(1)])).rejects.toThrow("timeout");
});
