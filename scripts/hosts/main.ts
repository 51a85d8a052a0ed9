/**
 * `npm run test:hosts`: the packages as they are published, in Deno and in Bun, which npm brings: each point of program.ts in a process of
 * its own, and whether that ends by itself. A host that can't be had is named and skipped.
 */
import { execFileSync, spawnSync } from "node:child_process"
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { points } from "./points.ts"

const root = join(import.meta.dirname, "../..")
const npm = process.platform === "win32" ? "npm.cmd" : "npm"
/** Windows starts a `.cmd` by its shell alone; so arguments are quoted, as there may be spaces in a path. */
const shell = process.platform === "win32"
const quoted = (path: string) => (shell ? `"${path}"` : path)
const options = ["--no-audit", "--no-fund", "--silent"]
const home = mkdtempSync(join(tmpdir(), "weft-hosts-"))

/** Each with its bare binary's package, which needs no install script. */
const hosts = [
  { name: "Node", binary: process.execPath, args: [] },
  { name: "Bun", package: `@oven/bun-${process.platform}-${process.arch}`, binary: "bin/bun", args: ["run"] },
  {
    name: "Deno",
    package: `@deno/${process.platform}-${process.arch}${process.platform === "linux" ? "-glibc" : ""}`,
    binary: "deno",
    args: ["run", "--allow-all", "--quiet"],
  },
]

try {
  writeFileSync(join(home, "package.json"), JSON.stringify({ name: "hosts", private: true, type: "module" }))
  const packages = ["core", "channels", "sync", "workers"].map(pack)
  const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    readonly devDependencies: Readonly<Record<string, string>>
  }
  const installs = [...packages.map(quoted), `effect@${devDependencies.effect!}`]
  execFileSync(npm, ["install", ...options, ...installs], { cwd: home, shell })
  for (const file of ["program.ts", "points.ts"]) copyFileSync(join(import.meta.dirname, file), join(home, file))
  for (const host of hosts) tryHost(host)
} finally {
  rmSync(home, { recursive: true, force: true })
}

function pack(folder: string): string {
  const output = execFileSync(npm, ["pack", "--silent", "--ignore-scripts", "--pack-destination", quoted(home)], {
    cwd: join(root, "packages", folder),
    encoding: "utf8",
    shell,
  })
  return join(home, output.trim().split("\n").at(-1)!)
}

function tryHost(host: (typeof hosts)[number]): void {
  const binary = host.package === undefined ? host.binary : installed(host.package, host.binary)
  if (binary === undefined) {
    console.log(`${host.name}: ${host.package} can't be had from npm here; skipped.`)
    return
  }
  const asked = spawnSync(binary, ["--version"], { encoding: "utf8" })
  if (asked.error !== undefined) {
    console.log(`${host.name}: ${binary} can't be run here (${asked.error.message}); skipped.`)
    return
  }
  const version = asked.stdout.split("\n")[0]!
  const failed: Array<string> = []
  for (const [point, expected] of Object.entries(points)) {
    // Ends what hangs.
    const ended = spawnSync(binary, [...host.args, "program.ts", point], {
      cwd: home,
      encoding: "utf8",
      timeout: 120_000,
    })
    if (ended.status === 0 && ended.stdout.trim() === expected) continue
    const printed = `${ended.stdout}${ended.stderr}`.trim().slice(0, 300)
    failed.push(`  ${point}: expected ${expected}, code 0; printed ${printed}, code ${ended.status ?? ended.signal}`)
  }
  const all = Object.keys(points).length
  console.log(`${host.name} ${version.replace(/^\D*/, "").split(" ")[0]}: ${all - failed.length} of ${all} points`)
  if (failed.length === 0) return
  console.log(failed.join("\n"))
  process.exitCode = 1
}

function installed(name: string, binary: string): string | undefined {
  const done = spawnSync(npm, ["install", ...options, "--no-save", "--prefix", quoted(join(home, "hosts")), name], {
    cwd: home,
    shell,
  })
  const path = join(home, "hosts/node_modules", name, process.platform === "win32" ? `${binary}.exe` : binary)
  return done.status === 0 && existsSync(path) ? path : undefined
}
