// @ts-check
/**
 * Who may import whom (ARCHITECTURE.md): core <- channels, sync <- workers; core <- devtools; apps and bench import the packages by name.
 * `npm run lint:boundaries` checks it; scripts/boundaries.test.ts plants an import against each arrow.
 */

/** What a package is called from outside: `@weft/core`, or a public subpath of it. */
const entries = "^packages/[^/]+/src/(index|testing/index|shared/codecs/schema)\\.ts$"

/** What the tests of all packages share: `underSchedules`. */
const testSupport = "^packages/core/test/support/"

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    {
      name: "no-cycles",
      comment: "A cycle at run time makes the order of module evaluation matter. Types may go round.",
      severity: "error",
      from: { path: "^packages/" },
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "core-imports-effect-only",
      severity: "error",
      from: { path: "^packages/core/src/", pathNot: "\\.test(-d)?\\.ts$" },
      to: { pathNot: ["^packages/core/src/", "^node_modules/effect/"] },
    },
    {
      name: "channels-and-sync-import-core",
      severity: "error",
      from: { path: "^packages/(channels|sync)/src/", pathNot: "\\.test(-d)?\\.ts$" },
      to: { pathNot: ["^packages/$1/src/", "^packages/core/src/(index|testing/index)\\.ts$", "^node_modules/effect/"] },
    },
    {
      name: "channels-and-sync-apart",
      comment: "Tests and types included: neither may need the other.",
      severity: "error",
      from: { path: "^packages/(channels|sync)/src/" },
      to: { path: "^packages/(channels|sync)/", pathNot: "^packages/$1/" },
    },
    {
      name: "workers-import-packages",
      severity: "error",
      from: { path: "^packages/workers/src/", pathNot: "\\.test(-d)?\\.ts$" },
      to: {
        pathNot: ["^packages/workers/src/", "^packages/(core|channels|sync)/src/index\\.ts$", "^node_modules/effect/"],
      },
    },
    {
      name: "workers-on-top",
      comment: "Tests and types included: what runs on one thread must not need them.",
      severity: "error",
      from: { path: "^packages/(core|channels|sync)/" },
      to: { path: "^packages/workers/" },
    },
    {
      name: "devtools-import-core",
      comment: "Of Weft only core: what it looks at may be of any version, and is found in the process.",
      severity: "error",
      from: { path: "^packages/devtools/src/", pathNot: "\\.test(-d)?\\.ts$" },
      to: { path: "^packages/", pathNot: ["^packages/devtools/src/", "^packages/core/src/index\\.ts$"] },
    },
    {
      name: "devtools-read-anywhere",
      comment: "Traces and dumps are looked at in browsers too.",
      severity: "error",
      from: { path: "^packages/devtools/src/(analysis|format|trace)/", pathNot: "\\.test(-d)?\\.ts$" },
      to: { pathNot: "^packages/devtools/src/(analysis|format|trace)/" },
    },
    {
      name: "devtools-on-top",
      comment: "A program is looked at without knowing of it.",
      severity: "error",
      from: { path: "^packages/(core|channels|sync|workers)/" },
      to: { path: "^packages/devtools/" },
    },
    {
      name: "no-internals",
      comment: "Another package's public entry only, also in tests, apps and benchmarks.",
      severity: "error",
      from: { path: "^(packages/[^/]+|apps/[^/]+|bench)/" },
      to: { path: "^packages/", pathNot: ["^$1/", entries, testSupport] },
    },
    {
      name: "packages-by-name",
      comment: "`@weft/core`, not a path to its file.",
      severity: "error",
      from: { path: "^(packages/[^/]+|apps/[^/]+|bench)/" },
      to: { path: "^packages/", pathNot: ["^$1/", testSupport], dependencyTypes: ["local"] },
    },
    {
      name: "nothing-unresolved",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)dist/" },
    tsPreCompilationDeps: "specify",
    tsConfig: { fileName: "tsconfig.base.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["@weft/source", "import", "node", "default", "types"],
    },
  },
}
