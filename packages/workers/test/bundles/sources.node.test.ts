/**
 * Programs that nothing has built: TypeScript that Node reads by itself, by tsx, and in a project's own tests.
 *
 * @module-tag long
 * @module-tag each-node
 */
import { execFile } from "node:child_process"
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { promisify } from "node:util"
import { describe, expect, it } from "vitest"
import { bundledReported } from "./expected.ts"
import { installApp } from "./installed.ts"
import { runInNode } from "./node-run.ts"

const modules = join(import.meta.dirname, "../../../../node_modules")

describe("sources", () => {
  it("tasks stand in a module of their own, or in the entry: there before the program runs", async () => {
    await using app = await installApp("ts")
    expect(await runInNode(app.folder, "src/main.node.ts")).toEqual(bundledReported)
    expect(await runInNode(app.folder, "src/entry.node.ts")).toEqual({
      cubed: 27,
      why: expect.stringContaining("it comes to a `run` before the task is registered") as string,
    })
  })

  it("tasks stand in a package that is installed", async () => {
    await using app = await installApp("ts")
    const dependency = join(app.folder, "node_modules/tasks")
    mkdirSync(dependency)
    writeFileSync(
      join(dependency, "package.json"),
      JSON.stringify({ name: "tasks", type: "module", exports: "./index.js" }),
    )
    const half = `export const half = task(import.meta.url, "half", function* (n) { return n / 2 })`
    writeFileSync(join(dependency, "index.js"), `import { task } from "@weft/workers"\n${half}`)
    writeFileSync(join(app.folder, "src/half.js"), runs(`import { half } from "tasks"`, "half, 8"))
    expect(await runInNode(app.folder, "src/half.js")).toBe(4)
  })

  // On Node 22 what tsx hooks does not reach threads.

  it.skipIf(process.versions.node.startsWith("22."))(
    "tsx: a thread has its resolution and its TypeScript",
    async () => {
      await using app = await installApp("ts")
      writeFileSync(join(app.folder, "src/color.ts"), "export enum Color { Red = 5 }")
      const red = `import { Color } from "./color"\nconst red = task(import.meta.url, "red", function* () { return Color.Red })`
      writeFileSync(join(app.folder, "src/red.ts"), runs(red, "red"))
      expect(await runInNode(app.folder, join(modules, "tsx/dist/cli.mjs"), "src/red.ts")).toBe(5)
    },
  )

  it("Vitest: a thread finds a project's tasks, from processes and from threads", async () => {
    await using app = await installApp("ts")
    for (const name of ["vite", "vitest"]) symlinkSync(join(modules, name), join(app.folder, "node_modules", name))
    const config = `export default { test: { projects: ["forks", "threads"].map((pool) => ({ test: { name: pool, pool, testTimeout: 0, include: ["src/*.test.ts"] } })) } }`
    writeFileSync(join(app.folder, "vitest.config.ts"), config)
    writeFileSync(
      join(app.folder, "src/project.test.ts"),
      `import { run } from "@weft/core"
      import { spawn, task } from "@weft/workers"
      import { expect, it } from "vitest"
      import { bundled } from "./bundled.ts"
      import { square } from "./tasks"
      const here = task(import.meta.url, "here", function* () { return 1 })
      it("has tasks in modules, and before the tests", async () => {
        expect(await run(bundled)).toEqual(${JSON.stringify(bundledReported)})
        expect(await run(function* () { return [yield* spawn(square, 3), yield* spawn(here)] })).toEqual([9, 1])
      })`,
    )
    const { stdout } = await promisify(execFile)(process.execPath, [join(modules, "vitest/vitest.mjs"), "run"], {
      cwd: app.folder,
      env: { PATH: process.env.PATH, NO_COLOR: "1", HOME: app.folder },
    })
    expect(stdout).toMatch(/Tests +2 passed \(2\)/)
  })
})

/** A program that prints what a task gives. */
const runs = (task: string, call: string): string => `
  import { run } from "@weft/core"
  import { spawn, task } from "@weft/workers"
  ${task}
  console.log(await run(function* () { return yield* spawn(${call}) }))
`
