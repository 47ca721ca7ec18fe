const rule = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });
module.exports = {
  forbidden: [
    rule("no-cycle", "A cycle hides which module comes first.", {}, { circular: true }),
    rule("lib-alone", "lib is the ground: it imports nothing.", { path: "^shared/lib/" }, { path: "^(hub|workers|clients|load|drizzle|shared/(contracts|domain|server|testing))/|node_modules" }),
    rule("contracts-zod-only", "A contract is read by a browser and a worker alike.", { path: "^shared/contracts/", pathNot: "[.]test[.]ts$" }, { pathNot: "^shared/(lib|contracts)/|node_modules/zod/" }),
    rule("domain-pure", "Domain knows contracts and lib, and no package.", { path: "^shared/domain/", pathNot: "[.]test[.]ts$|^shared/domain/geo/" }, { pathNot: "^shared/(lib|contracts|domain)/" }),
    rule("geo-pure", "H3 is arithmetic: the one package of the domain, and only its geo folder knows it.", { path: "^shared/domain/geo/", pathNot: "[.]test[.]ts$" }, { pathNot: "^shared/(lib|contracts|domain)/|node_modules/h3-js/" }),
    rule("server-not-up", "shared/server is used by hub and workers, and uses neither.", { path: "^shared/server/" }, { path: "^(hub|workers|clients)/" }),
    rule("apps-apart", "hub, workers and clients meet only in shared.", { path: "^(hub|workers|load)/" }, { path: "^(hub|workers|clients|load)/", pathNot: "^$1/" }),
    rule("clients-no-server", "A browser bundle holds no server code.", { path: "^clients/" }, { path: "^(hub|workers|drizzle|shared/server)/" }),
    rule("tests-not-imported", "Only tests import test helpers.", { pathNot: "[.]test[.]ts$|^shared/testing/" }, { path: "[.]test[.]ts$|^shared/testing/" }),
    rule("no-orphan", "A module nobody imports is dead.", { orphan: true, pathNot: "[.](test|config|d)[.](ts|cjs)$|main[.]ts$" }, {}),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types", "default"], extensions: [".ts", ".tsx", ".js"] },
  },
};
