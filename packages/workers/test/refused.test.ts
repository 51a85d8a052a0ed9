import { InvalidOption, run } from "@weft/core"
import { InvalidTask, parallel, Pool, spawn, spawnWith, task } from "@weft/workers"
import { describe, expect, it } from "vitest"
import { square } from "./tasks/basic.ts"

const body = function* () {}

describe("what can't be meant is refused at the call", () => {
  it.each<[string, () => unknown]>([
    ["an option of a task", () => task(import.meta.url, "misspelt", body, { idempotant: true } as never)],
    ["a value of one", () => task(import.meta.url, "misspelt", body, { idempotent: "yes" } as never)],
    ["a limit", () => new Pool({ resourceLimits: { maxOldGeneration: 3 } as never })],
    ["a name that is no text", () => new Pool({ name: 5 as never })],
    ["what has no items", () => parallel.map(new DataView(new ArrayBuffer(8)) as never, square)],
    ["a grace below no time", () => spawnWith({ grace: -1 }, square, 1)],
    ["what is no context", () => spawnWith({ context: {} as never }, square, 1)],
    ["what is no signal", () => spawnWith({ signal: {} as never }, square, 1)],
  ])("%s", (_what, call) => expect(call).toThrow(InvalidOption))

  it("a misspelt part of an option, by its name", () => {
    expect(() => new Pool({ restart: { time: 1 } as never })).toThrow(
      "weft: Pool restart: option time is 1; it must be left out: there are times, within",
    )
  })

  it.each([
    ["whose address and name were exchanged", "name", import.meta.url],
    ["without an address", "", "name"],
    ["without a name", import.meta.url, ""],
    ["of an address that is a thread's own", "./refused.test.ts", "name"],
    ["of an address without one before it", "refused.test.ts", "name"],
  ])("a task %s", (_what, url, name) => {
    expect(() => task(url, name, body)).toThrow(InvalidTask)
    expect(() => task(url, name, body)).toThrow(`workers: task("${url}", "${name}", ...); write task(import.meta.url`)
  })

  it("no task of an address that other hosts and bundlers have", () => {
    for (const url of [
      "file:///C:/a.ts",
      "C:\\a.ts",
      "/a.ts",
      "https://a.example/a.js",
      "blob:https://a.example/1",
      "data:,",
    ])
      expect(task(url, "name", body).key).toBe(`${url}#name`)
  })

  it("what is no task, by who was to run it", () =>
    run(function* () {
      expect(() => spawn(body as never)).toThrow("workers: spawn of a function, which is no task; write task(import")
      expect(() => parallel.map([1], body as never)).toThrow("workers: parallel loop of a function, which is no task")
    }))
})
