import * as Context from "effect/Context"
import { describe, expect, it } from "vitest"
import { InvalidOption } from "./invalid-option.ts"
import { Panic } from "./panic.ts"
import { run, runExit } from "./run-main.ts"
import type { RunOptions } from "./run-options.ts"
import { virtualTime } from "./testing/virtual-clock.ts"

type Start = (main: () => Generator<never, void, never>, options: RunOptions) => Promise<unknown>

const given = (options: object) => options as RunOptions
const starts: ReadonlyArray<readonly [string, Start]> = [
  ["run", (main, options) => run(main, options)],
  ["runExit", (main, options) => runExit(main, options)],
]

describe.each(starts)("the options of %s", (caller, start) => {
  async function refused(options: object): Promise<unknown> {
    let hasRun = false
    const main = function* () {
      hasRun = true
    }
    const error: unknown = await start(main, given(options)).then(
      () => undefined,
      (error: unknown) => error,
    )
    expect(hasRun).toBe(false)
    return error
  }

  it("are refused where one is misspelt, with the known ones, and nothing runs", async () => {
    const error = await refused({ deadlok: "fail" })
    expect(error).toBeInstanceOf(InvalidOption)
    expect(error).toBeInstanceOf(Panic)
    expect(error).toMatchObject({
      message: `weft: ${caller}: option deadlok is "fail"; it must be left out: there are plugins, signal, remaining, onLeak, deadlock, onDeadlock, services, debug`,
      fields: { option: "deadlok", given: "fail" },
    })
    expect(await refused({ toString: undefined })).toMatchObject({ fields: { option: "toString" } })
  })

  it.each([
    ["deadlock", "fial", '"fial"', '"certain", "fail", "ignore"'],
    ["remaining", true, "true", '"cancel", "wait", "report"'],
    ["debug", "yes", '"yes"', "true, false"],
  ])("are refused where one can't be one of those there are: %s", async (option, value, shown, values) => {
    expect(await refused({ [option]: value })).toMatchObject({
      name: "InvalidOption",
      message: `weft: ${caller}: option ${option} is ${shown}; it must be one of ${values}`,
    })
  })

  it.each([
    ["onLeak", 5, "a function"],
    ["onDeadlock", null, "a function"],
    ["services", 5, "a Context"],
    ["services", {}, "a Context"],
    ["signal", {}, "an AbortSignal"],
    ["plugins", {}, "an array of plugins"],
    ["plugins", [{}], "an array of plugins"],
    ["plugins", [null], "an array of plugins"],
  ])("are refused where one can't be that: %s: %o", async (option, value, wanted) => {
    const error = await refused({ [option]: value })
    expect(error).toEqual(new InvalidOption(caller, option, value, wanted))
  })

  it("are refused where they are none", async () => {
    for (const none of [5, null])
      expect(await refused(none as never)).toEqual(new InvalidOption(caller, "options", none, "an object"))
  })

  it("may be any of those there are, or undefined", async () => {
    const options = {
      ...{ plugins: [virtualTime()], signal: new AbortController().signal, remaining: "wait" },
      ...{ onLeak: () => {}, services: Context.empty() },
      ...{ deadlock: "fail", onDeadlock: () => {}, debug: false },
    }
    await start(function* () {}, given(options))
    await start(function* () {}, given(Object.fromEntries(Object.keys(options).map((name) => [name, undefined]))))
    await start(function* () {}, given({}))
  })
})
