/**
 * The same files twice: in Node, and in Chromium where one is installed. `*.node.test.ts` run in Node only, `*.browser.test.ts` in the browser
 * only. Packages resolve to their sources, so nothing has to be built.
 *
 * `npm test` leaves out what is tagged `long` and the project `browser-more`, which `npm run test:long` runs: `scripts/test.ts` says how. A bare
 * `vitest run` with a file's name runs all of it.
 */
import { availableParallelism } from "node:os"
import { join } from "node:path"
import { playwright } from "@vitest/browser-playwright"
import { defaultClientConditions, defaultServerConditions } from "vite"
import { defineConfig } from "vitest/config"
import { findChromium } from "./scripts/chromium.ts"

const source = "@weft/source"
const tests = ["packages/*/{src,test}/**/*.test.ts"]
/** What counts memory, looks at the host or breaks something on purpose has a process to itself. */
const alone = [
  "packages/*/src/**/*.node.test.ts",
  "packages/channels/test/{go,memory}/**/*.node.test.ts",
  "packages/sync/test/go/oncefunc-test.node.test.ts",
  "packages/workers/test/{bundles/*,held-channels}.node.test.ts",
  "packages/devtools/test/**/*.node.test.ts",
  "{apps/demo,bench,scripts}/**/*.test.ts",
]
/** What meets its host most: timers, turns of the loop, shared memory, streams and workers of the browser. */
const ofBrowsers = [
  "packages/*/{src,test}/**/*.browser.test.ts",
  "packages/{core,channels,sync,workers}/src/*.test.ts",
  "packages/channels/src/{bridges,shared}/*.test.ts",
  "packages/sync/src/{atomics,shared}/*.test.ts",
  "packages/sync/test/shared/*.test.ts",
]
const support = "packages/core/test/support"
const chromium = findChromium()

// Halves the start of each process that tests start: demos, examples, threads.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, "node_modules/.cache/compiled")

export default defineConfig({
  resolve: { conditions: [source, ...defaultClientConditions] },
  ssr: { resolve: { conditions: [source, ...defaultServerConditions], externalConditions: [source] } },
  test: {
    // No test has a time limit of its own: these end a run that hangs.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 120_000 } },
    // Vitest leaves one core idle, which of two is half. One more than there are: tests with processes and threads of their own wait for those.
    maxWorkers: availableParallelism() + 1,
    tags: [
      { name: "long", description: "Takes long by nature: `npm run test:long` has it, and not `npm test`." },
      { name: "each-node", description: "Up to the Node it runs on: `npm run test:nodes` has it, long or not." },
    ],
    projects: [
      // One process for many files: starting one for each costs as much as half of the tests.
      node("node", { include: tests, exclude: ["**/*.browser.test.ts", ...alone], isolate: false }),
      node("node-alone", { include: alone }),
      ...(chromium === undefined
        ? []
        : [
            browser("browser", chromium, { include: ofBrowsers }),
            browser("browser-more", chromium, { include: tests, exclude: ofBrowsers }),
          ]),
    ],
  },
})

function node(name: string, options: { include: Array<string>; exclude?: Array<string>; isolate?: boolean }) {
  return {
    extends: true as const,
    test: {
      name,
      setupFiles: [
        ...(options.isolate === false ? [`${support}/nothing-left.ts`] : []),
        // Counts what a soak has searched.
        ...(process.env.WEFT_SOAK === undefined ? [] : [`${support}/soak-setup.ts`]),
      ],
      // gc: for what must be collected. The condition: for the programs and threads that tests start.
      execArgv: ["--expose-gc", `--conditions=${source}`],
      ...options,
      exclude: [...(options.exclude ?? []), "**/node_modules/**"],
    },
  }
}

function browser(
  name: string,
  executablePath: string,
  { exclude = [], include }: { readonly include: Array<string>; readonly exclude?: Array<string> },
) {
  return {
    extends: true as const,
    // Cross-origin isolation: without it a page has no SharedArrayBuffer.
    server: {
      headers: {
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Embedder-Policy": "require-corp",
      },
    },
    test: {
      name,
      include,
      // Searches go by the scheduler and the clock of the kit: they are the same on every host.
      exclude: [...exclude, "**/*.node.test.ts", "**/test/{explore,linearizable}/**", "**/node_modules/**"],
      // One page for many files: loading the modules anew for each costs more than the tests.
      isolate: false,
      setupFiles: [`${support}/nothing-left.ts`],
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        provider: playwright({ launchOptions: { executablePath, args: chromiumArguments() } }),
        instances: [{ browser: "chromium" as const }],
      },
    },
  }
}

/** No sandbox for root, who may not have one; nothing that calls home; collection on demand. */
function chromiumArguments(): Array<string> {
  return [
    ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--js-flags=--expose-gc",
  ]
}
