import { expect, it } from "vitest"
import { callerOf, filesIn } from "./caller.ts"

const here = (): string | undefined => callerOf(here)

it("tells the file whose code called, as a thread can import it", () => {
  expect(here()).toMatch(/^(file|https?):\/\/.*\/caller\.test\.ts/)
})

it("goes up through evaluated code, which has no file of its own", () => {
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- as webpack's development mode does
  const evaluated = new Function("f", "return f()\n//# sourceURL=webpack-internal:///./tasks.js") as (
    f: () => unknown,
  ) => unknown
  expect(evaluated(here)).toMatch(/caller\.test\.ts/)
})

it("leaves the host's formatting of stacks as it was", () => {
  const settings = () => {
    const { prepareStackTrace, stackTraceLimit } = Error as { prepareStackTrace?: unknown; stackTraceLimit?: number }
    return { prepareStackTrace, stackTraceLimit }
  }
  const before = settings()
  here()
  expect(settings()).toEqual(before)
})

it("reads stacks in words: Firefox's and Safari's", () => {
  const firefox = "task@https://app.test/task.js:3:5\n@https://app.test/main.js?v=1:1:9\n"
  expect(filesIn(firefox)).toEqual(["https://app.test/task.js", "https://app.test/main.js?v=1"])
  const safari = "task@http://localhost:5173/task.js:3:5\nmodule code@http://localhost:5173/src/tasks.ts:1:1"
  expect(filesIn(safari)).toEqual(["http://localhost:5173/task.js", "http://localhost:5173/src/tasks.ts"])
  expect(filesIn("f@https://app.test/main.js line 3 > eval:1:1")).toEqual([""])
})
