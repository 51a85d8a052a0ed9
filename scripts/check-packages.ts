/**
 * `npm run check:packages`: what would be published, looked at as its users will see it. For each package's tarball:
 *   1. what is in it; publint; arethetypeswrong (ESM only);
 *   2. its size, minified and gzipped, against its limit;
 *   3. installed in an empty folder with nothing but what it declares: a program type-checks and runs in plain Node.
 */
import { execFileSync, spawnSync } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { basename, dirname, join, resolve } from "node:path"
import { gzipSync } from "node:zlib"
import { build } from "esbuild"
import { apiReport } from "./api-report.ts"

const root = join(import.meta.dirname, "..")
const npm = process.platform === "win32" ? "npm.cmd" : "npm"

interface Check {
  readonly folder: string
  /** Bytes of all exports, minified and gzipped, without effect and the other packages. */
  readonly limit?: number
  /** It runs in Node only, and in no page: its size is that of its tarball. */
  readonly isTool?: true
  /** Other packages of this workspace that it depends on. */
  readonly needs: ReadonlyArray<string>
  /** Prints "ok" when installed. */
  readonly program: string
}

const checks: ReadonlyArray<Check> = [
  {
    folder: "core",
    // 6 kB was the aim. Reports, contexts, plugins and what shared memory needs are in it; a program that only runs goroutines carries 12.5 kB.
    // 850 bytes more since what can't be is refused at the call, contexts may be deeper than the stack, a signal keeps no process up, and no run
    // is stuck in silence.
    limit: 19_600,
    needs: [],
    program: `
      import { go, run } from "@weft/core"
      await import("@weft/core/testing")
      const answer: number = await run(function* () {
        return yield* go(function* () { return 42 })
      })
      console.log(answer === 42 ? "ok" : answer)
    `,
  },
  {
    folder: "channels",
    // 5 kB was the aim, before there were channels between threads. Channels and select alone are 5.1 kB, a shared channel 7.0, with values
    // spread over places 7.6. 250 bytes more since a slot is handed on before a value is made of what was in it.
    // 150 more since combinators check their functions and durations at the call. 1,300 more since a thread that is terminated in the middle of an
    // exchange stops no shared channel, and a batch loses no value by one that can't be made.
    limit: 16_150,
    needs: ["core"],
    program: `
      import { chan, select } from "@weft/channels"
      import { go, run } from "@weft/core"
      const answer: string = await run(function* () {
        const words = chan<string>()
        go(function* () { yield* words.send("ok") })
        const hit = yield* select({ word: words.receive() })
        return hit.value ?? "closed"
      })
      console.log(answer)
    `,
  },
  {
    folder: "sync",
    // A Mutex alone is 2.0 kB, a SharedMutex 3.1.
    limit: 17_000,
    needs: ["core"],
    program: `
      import { run } from "@weft/core"
      import { WaitGroup } from "@weft/sync"
      await run(function* () {
        const group = new WaitGroup()
        group.go(function* () { console.log("ok") })
        yield* group.wait()
      })
    `,
  },
  {
    folder: "workers",
    // A program that spawns carries nearly all of it: either side of a thread needs what the other one does. A tenth of it says what can't go to
    // another thread, where it is, and what to pass instead. It grew by 1,300 bytes for what users lost without a word: what is nested too deep to
    // be read, messages that could not be read, parts of results, a thread's last error and its last results, values that changed before they went.
    // And by 1,200 for what waited for ever: behind a task that does not end, or on a thread that is stuck outside its tasks.
    limit: 34_700,
    needs: ["channels", "core", "sync"],
    program: `
      import { run } from "@weft/core"
      import { spawn, task } from "@weft/workers"
      export const square = task(import.meta.url, "square", function* (n: number) { return n * n })
      await run(function* () {
        const nine: number = yield* spawn(square, 3)
        console.log(nine === 9 ? "ok" : nine)
      })
    `,
  },
  {
    folder: "devtools",
    isTool: true,
    needs: ["core"],
    program: `
      import { go, run, sleep } from "@weft/core"
      import { attach, waitGraph } from "@weft/devtools"
      await run(function* () {
        go.named("sleeper", function* () { yield* sleep("1 minute") })
        yield* sleep("10 millis")
        attach(process.pid).then(async (self) => {
          const dump = await self.dump()
          const names = dump.threads[0]?.goroutines.map(({ name }) => name).join()
          console.log(names === "main,sleeper" && waitGraph(dump).knots.length === 0 ? "ok" : names)
          await self.detach()
        })
        yield* sleep("2 seconds")
      })
      declare const process: { readonly pid: number }
    `,
  },
]

const temporary = mkdtempSync(join(tmpdir(), "weft-packages-"))
try {
  const tarballs = new Map(checks.map(({ folder }) => [folder, pack(folder)]))
  for (const check of checks) {
    console.log(`@weft/${check.folder}`)
    contents(check.folder)
    await api(check.folder)
    lint(tarballs.get(check.folder)!)
    await size(check, tarballs.get(check.folder)!)
    install(check, tarballs)
  }
} finally {
  rmSync(temporary, { recursive: true, force: true })
}

interface Packed {
  readonly filename: string
  readonly files: ReadonlyArray<{ readonly path: string }>
}

function pack(folder: string): string {
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", temporary]
  const output = execFileSync(npm, args, {
    cwd: packageFolder(folder),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  })
  const parsed = JSON.parse(output) as ReadonlyArray<Packed> | Readonly<Record<string, Packed>>
  const [packed] = Object.values(parsed)
  writeFileSync(join(temporary, `${folder}.json`), JSON.stringify(packed!.files.map(({ path }) => path)))
  return join(temporary, packed!.filename)
}

function contents(folder: string): void {
  const files = JSON.parse(readFileSync(join(temporary, `${folder}.json`), "utf8")) as ReadonlyArray<string>
  const missing = ["LICENSE", "README.md", "dist/index.js", "dist/index.d.ts", "src/index.ts"].filter(
    (file) => !files.includes(file),
  )
  const extra = files.filter((file) => /\.test(-d)?\.|tsbuildinfo|node_modules|\.tgz$/.test(file))
  const astray = files.filter((file) => file.endsWith(".map")).flatMap((file) => sourcesAstray(folder, file, files))
  fact(missing.length === 0, `${files.length} files`, `not in the tarball: ${missing.join(", ")}`)
  fact(extra.length === 0, undefined, `in the tarball, but nobody's business: ${extra.join(", ")}`)
  fact(astray.length === 0, undefined, `source maps lead out of the tarball: ${astray.join(", ")}`)
}

/** What a map points at that is not in the tarball. */
function sourcesAstray(folder: string, map: string, files: ReadonlyArray<string>): ReadonlyArray<string> {
  const { sources } = JSON.parse(readFileSync(join(packageFolder(folder), map), "utf8")) as {
    readonly sources: ReadonlyArray<string>
  }
  return sources.map((source) => join(dirname(map), source)).filter((source) => !files.includes(source))
}

async function api(folder: string): Promise<void> {
  const file = join(packageFolder(folder), "api.md")
  const written = existsSync(file) ? readFileSync(file, "utf8") : ""
  const stale = "api.md is not what the build exports; run npm run api and look at what it changes"
  fact(written === (await apiReport(folder)), "api.md", stale)
}

function lint(tarball: string): void {
  const publint = tool("publint", [tarball, "--strict"])
  fact(publint.status === 0, "publint", publint.stdout + publint.stderr)
  const types = tool("attw", [
    tarball,
    "--profile",
    "esm-only",
    "--no-definitely-typed",
    "--no-color",
    "--format",
    "ascii",
  ])
  fact(types.status === 0, "arethetypeswrong", types.stdout + types.stderr)
}

async function size({ folder, isTool, limit }: Check, tarball: string): Promise<void> {
  if (isTool === true) return fact(true, `a tarball of ${kilobytes(statSync(tarball).size)}`, "")
  const alone = await bundle(`export * from "@weft/${folder}"`, (name) => name !== `@weft/${folder}`)
  const whole = await bundle(`export * from "@weft/${folder}"`, () => false)
  const text = `${kilobytes(alone.bytes)} alone, ${kilobytes(whole.bytes)} with everything it needs of effect and @weft`
  const excess = `${text}; the limit is ${kilobytes(limit ?? Infinity)}. Largest, minified only: ${alone.largest}`
  fact(limit === undefined || alone.bytes <= limit, text, excess)
}

interface Bundle {
  /** Minified and gzipped. */
  readonly bytes: number
  readonly largest: string
}

async function bundle(entry: string, external: (name: string) => boolean): Promise<Bundle> {
  const { metafile, outputFiles } = await build({
    stdin: { contents: entry, resolveDir: root },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: "esm",
    target: "es2023",
    legalComments: "none",
    plugins: [
      {
        name: "leave-outside",
        setup(build) {
          build.onResolve({ filter: /^[^./]/ }, ({ path }) => (external(path) ? { path, external: true } : undefined))
        },
      },
    ],
  })
  const modules = Object.entries(Object.values(metafile.outputs)[0]!.inputs)
    .toSorted(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput)
    .map(([path, { bytesInOutput }]) => `${basename(path)} ${bytesInOutput}`)
  return {
    bytes: gzipSync(outputFiles[0]!.contents, { level: 9 }).byteLength,
    largest: modules.slice(0, 8).join(", "),
  }
}

function install({ folder, needs, program }: Check, tarballs: ReadonlyMap<string, string>): void {
  const home = join(temporary, `try-${folder}`)
  mkdirSync(home)
  writeFileSync(join(home, "package.json"), JSON.stringify({ name: "try", private: true, type: "module" }))
  writeFileSync(join(home, "program.ts"), program)
  writeFileSync(
    join(home, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: {
        ...{ module: "NodeNext", target: "ES2023", lib: ["ES2023", "ESNext", "DOM", "DOM.AsyncIterable"], types: [] },
        ...{ strict: true, exactOptionalPropertyTypes: true, noEmit: true },
      },
      files: ["program.ts"],
    }),
  )
  const wanted = [folder, ...needs].map((name) => tarballs.get(name)!)
  const options = ["--no-audit", "--no-fund", "--prefer-offline", "--loglevel", "error"]
  const installed = spawnSync(npm, ["install", ...options, ...wanted], { cwd: home, encoding: "utf8" })
  fact(installed.status === 0, undefined, installed.stdout + installed.stderr)
  const beside = readdirSync(join(home, "node_modules/@weft")).toSorted().join(", ")
  fact(beside === [folder, ...needs].toSorted().join(", "), undefined, `installed beside it: ${beside}`)
  const typed = spawnSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", home], {
    encoding: "utf8",
  })
  fact(typed.status === 0, "type-checks installed", typed.stdout)
  const ran = spawnSync(process.execPath, ["program.ts"], { cwd: home, encoding: "utf8", timeout: 300_000 })
  fact(ran.status === 0 && ran.stdout === "ok\n", "runs installed", `${ran.stdout}${ran.stderr}`)
}

function packageFolder(folder: string): string {
  return resolve(root, "packages", folder)
}

function tool(name: string, args: ReadonlyArray<string>) {
  const shim = join(root, "node_modules/.bin", process.platform === "win32" ? `${name}.cmd` : name)
  if (!existsSync(shim)) throw new Error(`${name} is not installed; run npm ci`)
  return spawnSync(shim, args, { encoding: "utf8", shell: process.platform === "win32" })
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(2)} kB`
}

/** Prints one line: what holds, or what is wrong, which fails the whole check at its end. */
function fact(holds: boolean, text: string | undefined, wrong: string): void {
  if (holds && text !== undefined) console.log(`  ok    ${text}`)
  if (holds) return
  console.log(`  FAIL  ${wrong.trim().replaceAll("\n", "\n        ")}`)
  process.exitCode = 1
}
