/** @module-tag long */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { build, createServer } from "vite"
import { describe, expect, it } from "vitest"
import { bundledReported } from "./expected.ts"
import { installApp } from "./installed.ts"
import { runInNode } from "./node-run.ts"
import { executablePath, type Headers, isolated, launch, reportOf } from "./page.ts"
import { expectBothPages } from "./pages.ts"

const silent = { configFile: false, logLevel: "silent" } as const

describe("Vite", () => {
  it("in Node a thread finds tasks in a build for servers", async () => {
    await using app = await installApp("ts")
    const { folder: root } = app
    await build({ ...silent, root, build: { ssr: "src/main.node.ts", outDir: "server" }, ssr: { noExternal: true } })
    expect(await runInNode(root, "server/main.node.js")).toEqual(bundledReported)
  })

  it.skipIf(executablePath === undefined)(
    "on a page a thread finds tasks, built and by the development server",
    async () => {
      await using app = await installApp("ts")
      await using browser = await launch()
      const { folder: root } = app
      writeFileSync(join(root, "index.html"), "<!doctype html><script type=module src=/src/main.web.ts></script>")
      await build({ ...silent, root, build: { outDir: "page" } })
      await expectBothPages(browser, join(root, "page"))

      const look = async (headers: Headers) => {
        const server = await createServer({
          ...silent,
          root,
          server: { port: 0, headers, ws: false },
          cacheDir: join(root, ".vite"),
        })
        try {
          await server.listen()
          return JSON.parse(await reportOf(browser, server.resolvedUrls!.local[0]!)) as unknown
        } finally {
          await server.close()
        }
      }
      // One after the other: the first has the dependencies optimised, and the page loaded again.
      expect(await look(isolated)).toEqual({ isIsolated: true, ...bundledReported })
      expect(await look({})).toEqual({ isIsolated: false, ...bundledReported })
    },
  )
})
