/**
 * `npm run test:nodes [-- version...]`: the packages' tests on other Node versions, each from npm's own node package: the
 * lowest supported and the newest by default; the pinned one is `npm test`. A version that can't be had is named and skipped.
 */
import { execFileSync, spawnSync } from "node:child_process"
import { existsSync, mkdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { tagged, testFiles } from "./test-files.ts"
import { runTests } from "./vitest.ts"

const root = join(import.meta.dirname, "..")
const cache = join(root, "node_modules/.cache/nodes")
const npm = process.platform === "win32" ? "npm.cmd" : "npm"

/** `engines.node` of the packages, the lowest version that has to work. */
function lowestSupported(): string {
  const manifest = JSON.parse(readFileSync(join(root, "packages/core/package.json"), "utf8")) as {
    readonly engines: { readonly node: string }
  }
  return `${manifest.engines.node.replace(">=", "")}.0`
}

const files = testFiles("packages/**/*.test.ts", [
  "**/*.browser.test.ts",
  // By the kit's scheduler and clock, or at stepped atomics: the same in every Node.
  "**/test/{explore,linearizable,atomics,properties}/**",
  // What bundlers, browsers and pages make of the packages no Node of ours has a part in.
  "**/test/bundles/{esbuild,idle,rollup,supplied,vite,webpack}.node.test.ts",
  "**/test/{ui,export,chaos}/**",
  // Waits for limits of seconds, which are the pool's own.
  "**/workers/test/stuck-threads.node.test.ts",
  // Computes from values alone.
  "**/devtools/src/{analysis,cli,export,format,trace}/**",
])
// What is long is so by the number of its schedules, or by what others than Node do.
const chosen = files.filter((file) => tagged(file, "long") !== "file" || tagged(file, "each-node") !== undefined)
const options = ["--project=node*", "--tagsFilter=!long || each-node"]

const versions = process.argv.length > 2 ? process.argv.slice(2) : [lowestSupported(), "latest"]
for (const version of versions) {
  const node = install(version)
  if (node === undefined) {
    console.log(`Node ${version}: can't be had from npm here; skipped.`)
    continue
  }
  const name = execFileSync(node, ["--version"], { encoding: "utf8" }).trim()
  console.log(`Node ${name}:`)
  runTests(`node-${name}`, [...options, ...chosen], node)
}

/** The path of that Node, from the package that holds the bare binary, which needs no install script. */
function install(version: string): string | undefined {
  const folder = join(cache, version)
  const packageName = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`
  const node = join(folder, "node_modules", packageName, "bin", process.platform === "win32" ? "node.exe" : "node")
  if (version !== "latest" && existsSync(node)) return node
  mkdirSync(folder, { recursive: true })
  const options = [
    "--no-save",
    "--no-package-lock",
    "--no-audit",
    "--no-fund",
    "--loglevel",
    "error",
    "--prefix",
    folder,
  ]
  spawnSync(npm, ["install", ...options, `${packageName}@${version}`], { cwd: folder, stdio: "ignore" })
  return existsSync(node) ? node : undefined
}
