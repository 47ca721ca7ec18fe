/**
 * The production code that is simulated, and the stand-ins whose own promises matter. It is loaded by `loadCore`, so that
 * a planted bug can stand in any of these files.
 */
export { makeGate } from "../../hub/gate.ts";
export { startRealtime } from "../../hub/realtime/realtime.ts";
export { makeAlarms } from "../../hub/sockets/alarms.ts";
export { makeServing } from "../../hub/sockets/serve-socket.ts";
export { makeHubClient } from "#shared/client/hub-client.ts";
export { makeUnitOfWork } from "#shared/server/db/unit-of-work.ts";
export { closesAt } from "#shared/server/life/watching.ts";
export { makePublisher } from "#shared/server/realtime/publish.ts";
export { FakePostgres } from "./fake-postgres.ts";
export { RedisConnection } from "./fake-redis.ts";
