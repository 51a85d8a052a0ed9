/** The workload in one file, as it is, or with core's hook points taken out: what they cost while nobody listens is the difference. */
import { mkdtempSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"

const hookPoint = /^ *if \((?:this|processor)\.hooks !== null\) (?:this|processor)\.hooks\.\w+\?\.\(.*\)$/gm

export async function bundleWorkload(hasHooks: boolean): Promise<string> {
  const outfile = join(mkdtempSync(join(tmpdir(), "weft-bench-")), `${hasHooks ? "with" : "without"}-hooks.mjs`)
  let removed = 0
  await build({
    entryPoints: [fileURLToPath(new URL("workload.ts", import.meta.url))],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node22",
    conditions: ["@weft/source"],
    plugins: [
      {
        name: "without-hooks",
        setup(build) {
          build.onLoad({ filter: /packages\/core\/src\/(goroutine|processor|run)\.ts$/ }, async ({ path }) => {
            const source = await readFile(path, "utf8")
            if (hasHooks) return { contents: source, loader: "ts" }
            return { contents: source.replace(hookPoint, () => (removed++, "")), loader: "ts" }
          })
        },
      },
    ],
  })
  if (!hasHooks && removed < 7) throw new Error(`only ${removed} hook points found: their form has changed`)
  return outfile
}
