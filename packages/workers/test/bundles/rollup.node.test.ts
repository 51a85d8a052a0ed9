/** @module-tag long */
import { join } from "node:path"
import { nodeResolve } from "@rollup/plugin-node-resolve"
import { rollup } from "rollup"
import { expect, it } from "vitest"
import { bundledReported } from "./expected.ts"
import { installApp } from "./installed.ts"
import { runInNode } from "./node-run.ts"

it("rollup: a thread finds tasks in a bundle of one file, and in chunks", async () => {
  await using app = await installApp("js")
  const { folder } = app
  const bundle = async (input: Readonly<Record<string, string>>, dir: string) => {
    const build = await rollup({ input, plugins: [nodeResolve()], onwarn: () => undefined })
    await build.write({ dir, format: "es" })
  }
  const main = join(folder, "src/main.node.js")
  await bundle({ main }, join(folder, "one"))
  await bundle({ main, tasks: join(folder, "src/tasks.js") }, join(folder, "chunks"))
  expect(await runInNode(folder, "one/main.js")).toEqual(bundledReported)
  expect(await runInNode(folder, "chunks/main.js")).toEqual(bundledReported)
})
