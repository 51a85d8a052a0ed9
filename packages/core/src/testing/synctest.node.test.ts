/** What never comes to rest is told, where the host says what it does. */
import { describe, expect, it, vi } from "vitest"
import { Mailbox } from "../../test/support/mailbox.ts"
import { go } from "../go.ts"
import { hold } from "../hold.ts"
import { Op } from "../op-statics.ts"
import { explore } from "./explore.ts"
import { synctest } from "./synctest.ts"
import { waitIdle } from "./wait-idle.ts"

const never = new Promise<never>(() => undefined)

describe.concurrent("a promise that nobody settles", () => {
  it("is told of, by waitIdle", async () => {
    const failed = synctest(function* () {
      go(function* waiter() {
        yield* Op.fromPromise(never)
      })
      yield* waitIdle()
    })
    await expect(failed).rejects.toMatchObject({
      name: "DeadlockError",
      goroutines: [{ waitReason: "synctest.Wait" }, { waitReason: "promise", name: "waiter" }],
    })
    await expect(failed).rejects.toThrow("What is waited for outside never comes")
  })

  it("is told of in an exploration, with its schedule", { tags: "long" }, async () => {
    const { failure } = await explore({}, function* () {
      yield* Op.fromPromise(never)
    })
    expect(failure?.error).toMatchObject({ name: "DeadlockError" })
    expect(failure?.trace).toContain("promise parks")
  })

  it("is told of after main, and what waits in a finally block for another is given up", async () => {
    const failed = synctest(function* () {
      go(function* () {
        try {
          yield* Op.fromPromise(never)
        } finally {
          yield* Op.fromPromise(never)
        }
      })
    })
    await expect(failed).rejects.toThrow("What is waited for outside never comes")
  })
})

describe("a promise that nobody settles, beside fake timers", () => {
  it("is told of all the same", async () => {
    vi.useFakeTimers()
    try {
      const failed = synctest(function* () {
        yield* Op.fromPromise(never)
      })
      await expect(failed).rejects.toThrow("What is waited for outside never comes")
    } finally {
      vi.useRealTimers()
    }
  })
})

describe("no false alarm", () => {
  it("where a timer of the host's is what is waited for, however long", async () => {
    const waited = await synctest(function* () {
      const began = performance.now()
      yield* Op.fromPromise(() => new Promise((resolve) => setTimeout(resolve, 1500)))
      return performance.now() - began
    })
    expect(waited).toBeGreaterThan(1400)
  })

  it("where somebody holds", async () => {
    const box = new Mailbox<string>()
    // Its timer keeps nothing alive: the host seems idle.
    setTimeout(() => box.put("late"), 1500).unref()
    expect(
      await synctest(function* () {
        using _ = hold()
        return yield* box.take
      }),
    ).toBe("late")
  })
})
