/**
 * `npm run test:nodes [-- version...]`: the packages' tests on other Node versions, each from npm's own node package: the
 * lowest supported and the newest by default; the pinned one is `npm test`. A version that can't be had is named and skipped.
 */
import { execFileSync, spawnSync } from "node:child_process"
import { existsSync, mkdirSync, readFileSync } from "node:fs"
import { join } from "node:path"

const root = join(import.meta.dirname, "..")
const cache = join(root, "node_modules/.cache/nodes")
const vitest = join(root, "node_modules/vitest/vitest.mjs")
const npm = process.platform === "win32" ? "npm.cmd" : "npm"

/** `engines.node` of the packages, the lowest version that has to work. */
function lowestSupported(): string {
  const manifest = JSON.parse(readFileSync(join(root, "packages/core/package.json"), "utf8")) as {
    readonly engines: { readonly node: string }
  }
  return `${manifest.engines.node.replace(">=", "")}.0`
}

const versions = process.argv.length > 2 ? process.argv.slice(2) : [lowestSupported(), "latest"]
for (const version of versions) {
  const node = install(version)
  if (node === undefined) {
    console.log(`Node ${version}: can't be had from npm here; skipped.`)
    continue
  }
  console.log(`Node ${execFileSync(node, ["--version"], { encoding: "utf8" }).trim()}:`)
  const { status } = spawnSync(
    node,
    [
      vitest,
      "run",
      "--project",
      "node*",
      "--reporter",
      "dot",
      "--exclude",
      // By the kit's scheduler and clock, or at stepped atomics: the same in every Node.
      "**/test/{explore,linearizable,atomics}/**",
      "--exclude",
      // What bundlers and pages make of the packages no Node of ours has a part in.
      "**/test/bundles/{esbuild,idle,rollup,supplied,vite,webpack}.node.test.ts",
      "--exclude",
      "**/test/{ui,export,chaos}/**",
      "packages/",
    ],
    {
      cwd: root,
      stdio: "inherit",
    },
  )
  if (status !== 0) process.exitCode = 1
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
