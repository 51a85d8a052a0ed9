import { expect, it } from "vitest"
import { runVirtual } from "../test/support/virtual.ts"
import { context, sleep } from "./index.ts"

it.each([
  [1, "cancelled"],
  [3, "deadline"],
])("what ended a context first is its cause, though nobody was watching: cancelled at %d, deadline 2", (at, cause) =>
  runVirtual(function* () {
    const [parent, cancel] = context.withCancel(context.background)
    const [child] = context.withTimeout(parent, 2, "deadline")
    yield* sleep(at)
    cancel("cancelled")
    yield* sleep(5)
    expect([parent.cause, child.cause]).toEqual(["cancelled", cause])
  }),
)

it("all who watch a context hear of its end, also behind one that throws; then whoever cancelled hears of that", () =>
  runVirtual(function* () {
    const [ctx, cancel] = context.withCancel(context.background)
    const [child] = context.withCancel(ctx)
    const heard: Array<string> = []
    ctx.afterFunc!(() => {
      throw new Error("a watcher's")
    })
    ctx.afterFunc!(() => heard.push("after it"))
    child.signal.addEventListener("abort", () => heard.push("child"))
    expect(() => cancel()).toThrow("a watcher's")
    expect(heard).toEqual(["after it", "child"])
    yield* child.done
  }))
