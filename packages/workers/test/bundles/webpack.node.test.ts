/** @module-tag long */
import { readdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import webpack, { type Configuration } from "webpack"
import { bundledReported } from "./expected.ts"
import { installApp } from "./installed.ts"
import { runInNode } from "./node-run.ts"
import { executablePath, launch } from "./page.ts"
import { expectBothPages } from "./pages.ts"

function bundle(configuration: Configuration): Promise<void> {
  return new Promise((resolve, reject) => {
    const { optimization, ...rest } = configuration
    // Unminified: that takes most of the time, and esbuild's bundles are minified.
    webpack(
      { cache: false, performance: false, optimization: { minimize: false, ...optimization }, ...rest },
      (error, stats) => {
        if (error !== null) reject(error)
        else if (stats?.hasErrors() === true) reject(new Error(stats.toString("errors-only")))
        else resolve()
      },
    )
  })
}

// Development: modules are evaluated one by one, from strings.
const modes = ["production", "development"] as const

describe("webpack", () => {
  it.for(modes)(
    "in Node a thread finds tasks in one file, and in chunks that only the main one loads: %s",
    async (mode) => {
      await using app = await installApp("js")
      const { folder } = app
      const entry = join(folder, "src/main.cjs.js")
      const look = async (name: string, optimization: Configuration["optimization"]) => {
        const output = { path: join(folder, name), filename: "[name].cjs", chunkFilename: "[name].cjs" }
        await bundle({ mode, target: "node22", entry, context: folder, output, optimization: optimization ?? {} })
        expect(await runInNode(folder, `${name}/main.cjs`)).toEqual(bundledReported)
      }
      await look("one", {})
      await look("chunks", { splitChunks: { chunks: "all", minSize: 0 } })
    },
  )

  it.skipIf(executablePath === undefined).for(modes)(
    "on a page a thread finds tasks in one script, and in chunks of which none has a module before all are there: %s",
    async (mode) => {
      await using app = await installApp("js")
      await using browser = await launch()
      const { folder } = app
      const look = async (name: string, optimization: Configuration["optimization"]) => {
        const path = join(folder, name)
        const entry = join(folder, "src/main.web.js")
        await bundle({
          mode,
          target: "web",
          entry,
          context: folder,
          output: { path },
          optimization: optimization ?? {},
        })
        const scripts = readdirSync(path).filter((file) => file.endsWith(".js"))
        // The program's comes last.
        scripts.sort((a, b) => Number(a === "main.js") - Number(b === "main.js"))
        const tags = scripts.map((file) => `<script defer src="${file}"></script>`)
        writeFileSync(join(path, "index.html"), `<!doctype html>${tags.join("")}`)
        await expectBothPages(browser, path)
        return scripts.length
      }
      expect(await look("one", {})).toBe(1)
      const splitChunks = { chunks: "all", minSize: 0 } as const
      expect(await look("chunks", { splitChunks, runtimeChunk: "single" })).toBe(3)
    },
  )
})
