import { describe, expect, it } from "vitest"
import { Mailbox } from "../../test/support/mailbox.ts"
import type { Body } from "../body.ts"
import { go } from "../go.ts"
import { gosched } from "../gosched.ts"
import { never } from "../never.ts"
import { Op } from "../op-statics.ts"
import { sleep } from "../sleep.ts"
import { explore, type ExploreOptions } from "./explore.ts"
import { invariant } from "./invariant.ts"
import { shadow } from "./shadow.ts"

/** The trace of the first failure, with every place in this file the same. */
async function traceOf(program: Body<unknown>, options: ExploreOptions = {}): Promise<string> {
  const { failure } = await explore(options, program)
  return failure!.trace.replace(/interleaving\.test\.ts:\d+/g, "here:1")
}

const lineWith = (trace: string, text: string): string => trace.split("\n").find((line) => line.includes(text)) ?? ""

function* boom(text = "boom"): Generator<never, never, unknown> {
  throw new Error(text)
}

describe("a trace", () => {
  it("has a column for each goroutine and a line for each step, with its place; the last cell may run over", async () => {
    const trace = await traceOf(function* main() {
      const box = new Mailbox<number>()
      const taker = go.named("taker", function* () {
        yield* box.take
        yield* boom("something went wrong in a goroutine whose column is narrow")
      })
      yield* sleep(5)
      box.put(1)
      yield* taker
    })
    expect(trace.replace(/ +\|/g, " |").split("\n")).toEqual([
      "    main | taker",
      "  1 starts |",
      "  2 sleep parks  here:1 |",
      "  3 | starts",
      "  4 | mailbox parks  here:1",
      "  5 -- clock at 5 ms --",
      "  6 sleep resumes  here:1 |",
      "  7 join taker parks  here:1 |",
      "  8 | mailbox resumes, throws Error: something went wrong in a goroutine whose column is narrow  here:1",
      "  9 join taker resumes, throws Error: something went wrong in a goroutine whose column is narrow  here:1",
    ])
    const bars = new Set(trace.split("\n").flatMap((line) => (/here|--/.test(line) ? [] : [line.indexOf("|")])))
    expect(bars).toEqual(new Set([49]))
  })

  it("says when something outside has ended", async () => {
    const trace = await traceOf(function* () {
      yield* Op.fromPromise(Promise.resolve())
      yield* boom()
    })
    expect(trace).toContain("-- a promise or effect has ended --")
  })

  it("cuts long names in the middle: they differ at their ends", async () => {
    const trace = await traceOf(function* () {
      for (const end of ["first", "second"])
        go.named(`a goroutine with a name that somebody made very long, the ${end}`, never)
    })
    const [head = ""] = trace.split("\n")
    const names = head.split("|").map((name) => name.trim())
    expect(names).toEqual([
      "main",
      "a goroutine with a nam… very long, the first",
      "a goroutine with a nam…very long, the second",
    ])
  })

  const workers = (count: number) =>
    function* main() {
      const all = Array.from({ length: count }, (_, i) =>
        go.named(`worker-${i}`, function* () {
          yield* gosched()
        }),
      )
      for (const goroutine of all) yield* goroutine
      yield* boom()
    }

  it("has narrow columns for a dozen goroutines", async () => {
    const lines = (await traceOf(workers(12), { schedules: 1 })).split("\n")
    expect(lines[0]).toContain("| worker-0 |")
    expect(lines[0]).toContain("| work…-11")
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(200)
    const starts = lines.filter((line) => line.includes("starts")).map((line) => line.indexOf("starts"))
    expect(new Set(starts).size).toBe(13)
  })

  it("names the goroutine in each line where there are too many for columns", async () => {
    const trace = await traceOf(workers(25), { schedules: 1 })
    expect(trace.split("\n")[0]).toBe("  1 main      | starts")
    expect(lineWith(trace, "worker-24 ")).toMatch(/^ *\d+ worker-24 \| /)
  })

  it("leaves out the middle of a long one, says how much, and numbers the rest as they were", async () => {
    const lines = (
      await traceOf(
        function* main() {
          for (;;) yield* gosched()
        },
        { steps: 200 },
      )
    ).split("\n")
    // Head, 30 lines, the gap, 30 lines.
    expect(lines).toHaveLength(62)
    expect(lines[30]).toBe(" 30 gosched  here:1")
    expect(lines[31]).toBe("    ... 142 steps ...")
    expect(lines[32]).toBe("173 gosched  here:1")
    expect(lines.at(-1)).toBe("202 -- livelock: not ended after 200 steps --")
  })
})

describe("what ended a schedule is one short line", () => {
  const endOf = async (program: Body<unknown>, options: ExploreOptions = {}): Promise<string> =>
    (await traceOf(program, options)).split("\n").at(-1)!

  it("a data race, at the step that raced", async () => {
    const last = await endOf(function* main() {
      const counter = shadow(0)
      const other = go.named("other", function* () {
        counter.value++
      })
      counter.value++
      yield* other
    })
    expect(last).toMatch(/\| starts, data race: write by main at main \(here:1\), and read by other …$/)
    expect(last.length).toBeLessThan(140)
  })

  it("goroutines left behind", async () => {
    expect(
      await endOf(function* main() {
        go(never)
      }),
    ).toBe("  4 -- LeakedGoroutines: main returned and left 1 goroutine behind --")
  })

  it("a deadlock", async () => {
    expect(
      await endOf(function* main() {
        yield* never
      }),
    ).toBe("  3 -- DeadlockError: all goroutines are asleep - deadlock! --")
  })

  it("an invariant", async () => {
    expect(
      await endOf(function* main() {
        let n = 0
        invariant(() => n === 0, "n is zero")
        n = 1
      }),
    ).toBe("  2 -- invariant broken: n is zero --")
  })

  it("an error of many lines, and a long one", async () => {
    expect(await endOf(() => boom("first\nsecond"))).toBe("  1 starts, throws Error: first")
    const last = await endOf(() => boom("a".repeat(500)))
    expect(last).toMatch(/^ {2}1 starts, throws Error: a{72}…$/)
  })

  it("a path is its last part, as everywhere", async () => {
    expect(await endOf(() => boom("at f (/home/me/app.ts:12:5)"))).toContain("at f (app.ts:12)")
    expect(await endOf(() => boom("at http://host:1/src/app.ts?import&v=1:12:5"))).toContain("at app.ts:12")
  })
})
