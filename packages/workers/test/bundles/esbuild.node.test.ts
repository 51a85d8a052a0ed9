import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { build, type BuildOptions } from "esbuild"
import { describe, expect, it } from "vitest"
import { bundledReported } from "./expected.ts"
import { installApp } from "./installed.ts"
import { runInNode } from "./node-run.ts"
import { executablePath, launch } from "./page.ts"
import { expectBothPages } from "./pages.ts"

const bundle = (options: BuildOptions) => build({ bundle: true, logLevel: "silent", ...options })

describe("esbuild", () => {
  it("in Node a thread finds tasks in an ES module, in chunks, and in CommonJS, which has no import.meta.url", async () => {
    await using app = await installApp("ts")
    const { folder } = app
    const [main, tasks] = [join(folder, "src/main.node.ts"), join(folder, "src/tasks.ts")]
    await bundle({ entryPoints: { main }, platform: "node", format: "esm", outdir: join(folder, "one") })
    const chunks = join(folder, "chunks")
    await bundle({
      entryPoints: { main, tasks },
      platform: "node",
      format: "esm",
      splitting: true,
      minify: true,
      outdir: chunks,
    })
    const cjs = join(folder, "src/main.cjs.ts")
    await bundle({ entryPoints: [cjs], platform: "node", format: "cjs", outfile: join(folder, "main.cjs") })
    for (const file of ["one/main.js", "chunks/main.js", "main.cjs"])
      expect({ file, ...((await runInNode(folder, file)) as object) }).toEqual({ file, ...bundledReported })
  })

  it.skipIf(executablePath === undefined)(
    "on a page a thread finds tasks in a module and in a script",
    { tags: "long" },
    async () => {
      await using app = await installApp("ts")
      await using browser = await launch()
      const { folder } = app
      for (const [format, script] of [
        ["esm", "<script type=module src=main.js></script>"],
        ["iife", "<script defer src=main.js></script>"],
      ] as const) {
        const outdir = join(folder, format)
        await bundle({ entryPoints: { main: join(folder, "src/main.web.ts") }, format, outdir })
        writeFileSync(join(outdir, "index.html"), `<!doctype html>${script}`)
        await expectBothPages(browser, outdir)
      }
    },
  )
})
