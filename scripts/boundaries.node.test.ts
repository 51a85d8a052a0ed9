/**
 * The lint itself: an import against an arrow of ARCHITECTURE.md fails, the same import along it does not.
 *
 * @module-tag long
 */
import { spawnSync } from "node:child_process"
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { ESLint } from "eslint"
import tseslint from "typescript-eslint"
import { afterAll, beforeAll, describe, expect, it } from "vitest"

const root = join(import.meta.dirname, "..")

/** Planted in a copy of the workspace's outline: file, what it imports, and the rules that must refuse it. */
const planted: ReadonlyArray<readonly [file: string, specifier: string, ...rules: ReadonlyArray<string>]> = [
  ["packages/core/src/plants/up.ts", "@weft/channels", "core-imports-effect-only"],
  ["packages/core/src/plants/node.ts", "node:fs", "core-imports-effect-only"],
  ["packages/core/src/plants/other.ts", "fast-check", "core-imports-effect-only"],
  ["packages/channels/src/plants/across.ts", "@weft/sync", "channels-and-sync-apart", "channels-and-sync-import-core"],
  ["packages/sync/src/plants/across.ts", "@weft/channels", "channels-and-sync-apart", "channels-and-sync-import-core"],
  ["packages/sync/src/plants/node.ts", "node:fs", "channels-and-sync-import-core"],
  ["packages/channels/src/plants/deep.test.ts", "@weft/core/src/op.ts", "nothing-unresolved"],
  ["packages/channels/src/plants/path.ts", "../../../core/src/op.ts", "channels-and-sync-import-core", "no-internals"],
  ["packages/channels/src/plants/path.test.ts", "../../../core/src/index.ts", "packages-by-name"],
  ["packages/sync/src/plants/threads.ts", "@weft/workers", "workers-on-top", "channels-and-sync-import-core"],
  ["packages/channels/src/plants/threads.test.ts", "@weft/workers", "workers-on-top"],
  ["packages/core/src/plants/threads.test.ts", "@weft/workers", "workers-on-top"],
  ["packages/workers/src/plants/node.ts", "node:worker_threads", "workers-import-packages"],
  ["packages/workers/src/plants/testing.ts", "@weft/core/testing", "workers-import-packages"],
  ["packages/workers/src/plants/path.ts", "../../../sync/src/index.ts", "packages-by-name"],
  ["packages/devtools/src/plants/threads.ts", "@weft/workers", "devtools-import-core"],
  ["packages/devtools/src/trace/node.ts", "node:fs", "devtools-read-anywhere"],
  ["packages/workers/src/plants/seen.test.ts", "@weft/devtools", "devtools-on-top"],
  ["apps/demo/src/deep.ts", "../../../packages/core/src/op.ts", "no-internals"],
  ["bench/src/path.ts", "../../packages/core/src/index.ts", "packages-by-name"],
  ["packages/core/src/plants/a.ts", "./b.ts", "no-cycles"],
  // Along the arrows.
  ["packages/core/src/plants/fine.ts", "effect"],
  ["packages/core/src/plants/fine.test.ts", "node:fs"],
  ["packages/channels/src/plants/fine.ts", "@weft/core"],
  ["packages/channels/src/plants/fine.test.ts", "@weft/core/testing"],
  ["packages/sync/src/plants/fine.ts", "@weft/core"],
  ["packages/workers/src/plants/core.ts", "@weft/core"],
  ["packages/workers/src/plants/channels.ts", "@weft/channels"],
  ["packages/workers/src/plants/sync.ts", "@weft/sync"],
  ["packages/workers/src/plants/fine.test.ts", "node:fs"],
  ["packages/devtools/src/plants/core.ts", "@weft/core"],
  ["packages/devtools/src/plants/node.ts", "node:fs"],
  ["apps/demo/src/fine.ts", "@weft/sync"],
  ["apps/demo/src/threads.ts", "@weft/workers"],
  ["bench/src/fine.ts", "@weft/channels"],
]

interface Report {
  readonly summary: {
    readonly violations: ReadonlyArray<{ readonly from: string; readonly rule: { readonly name: string } }>
  }
}

describe("import boundaries", () => {
  let fixture: string
  let violations: Report["summary"]["violations"]

  beforeAll(() => {
    fixture = mkdtempSync(join(tmpdir(), "weft-boundaries-"))
    const write = (path: string, text: string) => {
      mkdirSync(dirname(join(fixture, path)), { recursive: true })
      writeFileSync(join(fixture, path), text)
    }
    for (const file of [".dependency-cruiser.js", "package.json", "tsconfig.base.json"]) {
      cpSync(join(root, file), join(fixture, file))
    }
    mkdirSync(join(fixture, "node_modules/@weft"), { recursive: true })
    for (const name of ["effect", "fast-check", "typescript"]) {
      symlinkSync(join(root, "node_modules", name), join(fixture, "node_modules", name))
    }
    for (const name of ["core", "channels", "sync", "workers", "devtools"]) {
      write(`packages/${name}/src/index.ts`, "export const one = 1\n")
      cpSync(join(root, "packages", name, "package.json"), join(fixture, "packages", name, "package.json"))
      symlinkSync(join(fixture, "packages", name), join(fixture, "node_modules/@weft", name))
    }
    write("packages/core/src/op.ts", "export const one = 1\n")
    write("packages/core/src/testing/index.ts", "export const one = 1\n")
    write("packages/core/src/plants/b.ts", 'export * as a from "./a.ts"\n')
    for (const folder of ["apps/demo", "bench"]) {
      mkdirSync(join(fixture, folder), { recursive: true })
      cpSync(join(root, folder, "package.json"), join(fixture, folder, "package.json"))
    }
    for (const [file, specifier] of planted) {
      write(file, `import * as imported from "${specifier}"\nexport const used = imported\n`)
    }
    const cruiser = join(root, "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs")
    const run = spawnSync(
      process.execPath,
      [cruiser, "packages", "apps", "bench", "--config", ".dependency-cruiser.js", "--output-type", "json"],
      { cwd: fixture, encoding: "utf8", maxBuffer: 1e8 },
    )
    violations = (JSON.parse(run.stdout) as Report).summary.violations
  })

  afterAll(() => {
    rmSync(fixture, { recursive: true, force: true })
  })

  for (const [file, specifier, ...rules] of planted) {
    it(`${rules.length > 0 ? "refuses" : "allows"} ${specifier} in ${file}`, () => {
      const broken = violations.filter(({ from }) => from === file).map(({ rule }) => rule.name)
      if (rules.length === 0) expect(broken).toEqual([])
      else expect(broken).toEqual(expect.arrayContaining([...rules]))
    })
  }
})

describe("source rules", () => {
  const eslint = new ESLint({ cwd: root, overrideConfig: [tseslint.configs.disableTypeChecked] })

  async function rulesBroken(filePath: string, code: string): Promise<Array<string | null>> {
    const [result] = await eslint.lintText(code, { filePath: join(root, filePath) })
    return result!.messages.map((message) => message.ruleId)
  }

  it.each([
    ["setTimeout(() => {}, 1)", "no-restricted-globals"],
    ["globalThis.setTimeout(() => {}, 1)", "no-restricted-properties"],
    ["export const now = Date.now()", "no-restricted-properties"],
    ["export const seed = Math.random()", "no-restricted-properties"],
    ["export const cwd = process.cwd()", "no-restricted-globals"],
    ['import "node:fs"', "no-restricted-imports"],
    ['export * from "./op.ts"', "no-restricted-syntax"],
    ["export let x: any", "@typescript-eslint/no-explicit-any"],
  ])("refuses %s in a package's source", async (code, rule) => {
    expect(await rulesBroken("packages/sync/src/planted.ts", `${code}\n`)).toContain(rule)
  })

  it("allows host timers where a package meets the host, and generators that never yield", async () => {
    expect(await rulesBroken("packages/core/src/host.ts", "setTimeout(() => {}, 1)\n")).toEqual([])
    expect(await rulesBroken("packages/workers/src/host.ts", "setTimeout(() => {}, 1)\n")).toEqual([])
    expect(await rulesBroken("packages/workers/src/platform/web.ts", "queueMicrotask(() => {})\n")).toEqual([])
    expect(await rulesBroken("packages/workers/src/platform/node.ts", 'import "node:fs"\n')).toEqual([
      "no-restricted-imports",
    ])
    expect(await rulesBroken("packages/sync/src/planted.ts", "export function* body() {}\n")).toEqual([])
  })
})
