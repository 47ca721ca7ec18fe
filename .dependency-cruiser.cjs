const rule = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });
const TEST = "[.](test|store[.]test|e2e[.]test)[.]tsx?$|/testing/|/harness[.]ts$";
const TOP = "clients|deploy|docs|drizzle|hub|load|shared|workers";

/** The table of ARCHITECTURE.md ("may import") as rules. */
module.exports = {
  forbidden: [
    rule("no-cycle", "A cycle hides which module comes first.", {}, { circular: true }),
    rule(
      "lib-alone",
      "lib is the ground: it imports nothing.",
      { path: "^shared/lib/", pathNot: TEST },
      { pathNot: "^shared/lib/" },
    ),
    rule(
      "contracts-zod-only",
      "A contract is read by a browser and a worker alike.",
      { path: "^shared/contracts/", pathNot: TEST },
      { pathNot: "^shared/(lib|contracts)/|node_modules/zod/" },
    ),
    rule(
      "domain-pure",
      "Domain knows contracts, lib and the cells of H3; it does no I/O.",
      { path: "^shared/domain/", pathNot: TEST },
      { pathNot: "^shared/(lib|contracts|domain)/|node_modules/h3-js/" },
    ),
    rule(
      "client-no-server",
      "The client library runs in browsers, phones and load tools.",
      { path: "^shared/client/", pathNot: TEST },
      { path: `^(${TOP.replace("|shared", "")})/|^shared/(server|sim|testing)/` },
    ),
    rule(
      "sim-no-server",
      "Fakes stand in for the server; they do not need it.",
      { path: "^shared/sim/", pathNot: TEST },
      { path: `^(${TOP.replace("|shared", "")})/|^shared/(server|testing)/` },
    ),
    rule(
      "server-not-up",
      "shared/server is used by hub and workers, and uses neither.",
      { path: "^shared/server/", pathNot: TEST },
      { path: "^(clients|deploy|docs|hub|load|workers)/" },
    ),
    rule(
      "db-alone-knows-the-schema",
      "Tables are read and written where transactions are made, not at the edges.",
      { path: "^(clients|load|shared/(lib|contracts|domain|client|sim))/", pathNot: TEST },
      { path: "^drizzle/" },
    ),
    rule(
      "apps-apart",
      "hub, workers and clients meet only in shared; a screen is measured as journeys look at it, the hub's core simulated as it is.",
      {
        path: "^(hub|workers|load|clients)/",
        pathNot: `${TEST}|^load/bench/(accepts/|ops-map[.]ts$|picture/|zone/)|^load/sim/`,
      },
      { path: "^(hub|workers|clients|load)/", pathNot: "^$1/" },
    ),
    rule(
      "deploy-on-top",
      "The supervisor starts processes by their files; what needs a whole system of its own may ask it for one.",
      {
        path: "^(hub|workers|clients|load|drizzle|shared)/",
        pathNot: `${TEST}|^load/(bench|check|faults|replay|rollout/[^/]+$|whatif|(swarm|twin)/run)`,
      },
      { path: "^deploy/" },
    ),
    rule(
      "deploy-starts-not-imports",
      "Processes are started, not imported; pictures of screens are taken as journeys look at them.",
      { path: "^deploy/", pathNot: `${TEST}|^deploy/pictures[.]ts$` },
      { path: "^(hub|workers|clients|load)/" },
    ),
    rule(
      "load-through-the-public-api",
      "Actors use the platform as anybody would; how a city's file and the deployment's clock are read is nobody's secret.",
      {
        path: "^load/",
        pathNot: `${TEST}|^load/(bench|check|faults|replay|rollout/[^/]+$|sim|whatif|(swarm|twin)/run)`,
      },
      {
        path: "^(hub|workers|clients|drizzle|shared/(server|testing))/",
        pathNot: "^shared/server/(city/cities|system-clock)[.]ts$",
      },
    ),
    rule(
      "clients-no-server",
      "A browser bundle holds no server code.",
      { path: "^clients/", pathNot: TEST },
      { path: "^(hub|workers|drizzle|deploy|load|shared/(server|sim|testing))/" },
    ),
    rule("tests-not-imported", "Only tests import test helpers.", { pathNot: TEST }, { path: TEST }),
    rule(
      "no-orphan",
      "A module nobody imports is dead.",
      { orphan: true, pathNot: "[.](test|config|d)[.](ts|cjs)$|main[.]tsx?$|^deploy/[^/]+[.]ts$|^load/[^/]+[.]ts$" },
      {},
    ),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)dist/" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "types", "default"],
      extensions: [".ts", ".tsx", ".js"],
    },
  },
};
