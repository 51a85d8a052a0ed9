import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { summarize } from "../../src/trace/summary.ts"
import { readTimeline, type Timeline } from "../../src/trace/timeline.ts"
import { Program } from "../attach/program.ts"

const folder = mkdtempSync(join(tmpdir(), "weft-library-"))
afterAll(() => rmSync(folder, { recursive: true }))

const timelineOf = (path: string): Promise<Timeline> => readTimeline([readFileSync(path)])

describe("FlightRecorder", () => {
  it("writes the last seconds when the event loop was late, and gives them when asked", async () => {
    await using program = await Program.start("recorded.ts", { args: ["flight", folder] })
    const { path, reason } = JSON.parse(await program.line()) as { path: string; reason: string }
    expect(reason).toMatch(/the event loop was \d+ ms late/)
    const timeline = await timelineOf(path)
    expect(timeline.texts).toContain("receiving")
    expect(timeline.texts).toContain("sender")
    const summary = summarize(timeline)
    // Who blocked it is there, with where it was started.
    expect(JSON.stringify(summary)).toMatch(/recorded\.ts:\d+/)
    expect(JSON.parse(await program.line())).toHaveProperty("bytes")
    expect(await program.ended).toBe(0)
  })
})

describe("FlightRecorder, of a program that ends by what has happened", () => {
  it.each([
    ["panic", /panic: goroutine \d+ \(unlucky\)/],
    ["deadlock", /deadlock: all goroutines are asleep/],
  ])("has written what came before: %s", async (what, reason) => {
    await using program = await Program.start("recorded.ts", { args: [what, folder], code: 1 })
    const said = JSON.parse(await program.line()) as { path: string; reason: string }
    expect(said.reason).toMatch(reason)
    expect(await program.ended).not.toBe(0)
    const timeline = await timelineOf(said.path)
    expect(timeline.texts).toEqual(expect.arrayContaining(["sender", "receiving"]))
    expect(timeline.texts.join()).toMatch(/recorded\.ts:\d+:\d+/)
    expect(timeline.records).toBeGreaterThan(100)
  })
})

describe("startTrace", () => {
  it("leaves a whole file, and the process ends by itself", async () => {
    await using program = await Program.start("recorded.ts", { args: ["trace", folder] })
    expect(await program.ended).toBe(0)
    const timeline = await timelineOf(join(folder, "own.weft"))
    expect(timeline.texts).toEqual(expect.arrayContaining(["sender", "receiving", "all received", "chan send"]))
  })
})

describe("WEFT_TRACE", () => {
  it("records a program that mentions devtools nowhere, from its start to its end", async () => {
    const path = join(folder, "start-%p.weft")
    await using program = await Program.start("recorded.ts", {
      args: ["plain"],
      options: ["--import", new URL("../../src/agent.ts", import.meta.url).href],
      env: { WEFT_TRACE: path },
    })
    expect(await program.ended).toBe(0)
    const [name] = readdirSync(folder).filter((each) => each.startsWith("start-"))
    expect(name).toBe(`start-${program.pid}.weft`)
    const timeline = await timelineOf(join(folder, name!))
    expect(timeline.texts).toEqual(expect.arrayContaining(["work", "sender", "all received"]))
  })
})

describe("WEFT_TRACE_VALUES", () => {
  it("records what messages contain as well, but for what the keys in it stand for", async () => {
    const path = join(folder, "values.weft")
    await using program = await Program.start("recorded.ts", {
      args: ["values"],
      options: ["--import", new URL("../../src/agent.ts", import.meta.url).href],
      env: { WEFT_TRACE: path, WEFT_TRACE_VALUES: "n" },
    })
    expect(await program.ended).toBe(0)
    const { meta, texts } = await timelineOf(path)
    expect(meta).toMatchObject({ ops: true, values: true })
    expect(texts).toContain("{n: [redacted], secret: [redacted]}")
  })
})

describe("onDeadlock and onLeak", () => {
  it(
    "tell of a ring once while the rest runs on, and of a goroutine that nobody can wake",
    { tags: "long" },
    async () => {
      await using program = await Program.start("recorded.ts", { args: ["watch"] })
      const said = [await program.line(), await program.line()].sort()
      expect(said).toEqual(['["ab","ba"]', '["forgotten"]'])
      expect(await program.ended).toBe(0)
    },
  )
})
