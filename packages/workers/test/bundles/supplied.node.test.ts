/**
 * Pools whose workers a program makes itself, their script bundled apart from the program.
 *
 * @module-tag long
 */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { build } from "vite"
import { describe, expect, it } from "vitest"
import { reported } from "./expected.ts"
import { installApp } from "./installed.ts"
import { runInNode } from "./node-run.ts"
import { executablePath, type Headers, launch, reportOf, serve } from "./page.ts"

const withoutBlobs: Headers = { "Content-Security-Policy": "default-src 'self'" }

describe("a supplied worker", () => {
  it("in Node runs the tasks of the default pool, of a pool, and of blocking", async () => {
    await using app = await installApp("ts")
    const report = await runInNode(app.folder, "src/main.supplied.node.ts")
    expect(report).toEqual({ ...reported, pooled: 64, blocked: 81 })
  })

  it.skipIf(executablePath === undefined)("runs them on a page that allows no workers from blobs", async () => {
    await using app = await installApp("ts")
    await using browser = await launch()
    const { folder: root } = app
    const look = async (main: string) => {
      writeFileSync(join(root, "index.html"), `<!doctype html><script type=module src=/src/${main}></script>`)
      await build({ configFile: false, logLevel: "silent", root, worker: { format: "es" }, build: { outDir: main } })
      await using site = await serve(join(root, main), withoutBlobs)
      return await reportOf(browser, site.url)
    }
    expect(JSON.parse(await look("main.supplied.web.ts"))).toEqual({ isIsolated: false, ...reported })
    expect(await look("main.web.ts")).toContain("supply them, by the pool's option `worker`")
  })
})
