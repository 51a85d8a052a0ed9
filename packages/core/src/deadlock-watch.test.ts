import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { Mailbox } from "../test/support/mailbox.ts"
import { DeadlockError, hold, run, type RunOptions } from "./index.ts"

/** Nobody's goroutine runs any more, and a long time passes. */
const pause = () => vi.advanceTimersByTimeAsync(60_000)

describe("while the host has something left to do, a deadlock", () => {
  const warnings: Array<string> = []
  beforeEach(() => {
    warnings.length = 0
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] })
    vi.spyOn(console, "warn").mockImplementation((text: string) => void warnings.push(text))
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.restoreAllMocks()
  })

  /** Main takes what the host puts, each after a pause. */
  async function served(options: RunOptions): Promise<unknown> {
    const box = new Mailbox<number>()
    const running = run(function* () {
      return [yield* box.take, yield* box.take, yield* box.take]
    }, options)
    for (const value of [1, 2, 3]) {
      await pause()
      box.put(value)
    }
    return running
  }

  it("is a warning, once, and a goroutine may still be woken", async () => {
    expect(await served({})).toEqual([1, 2, 3])
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toMatch(/^weft: all goroutines are asleep - deadlock!\n\ngoroutine \d+ \[mailbox/)
    expect(warnings[0]).toContain("(The host still has something to do, so the program runs on; this is said once.)")
  })

  it("goes to onDeadlock instead, once", async () => {
    const errors: Array<DeadlockError> = []
    expect(await served({ onDeadlock: (error) => void errors.push(error) })).toEqual([1, 2, 3])
    expect(errors).toHaveLength(1)
    expect(errors[0]).toBeInstanceOf(DeadlockError)
    expect(warnings).toEqual([])
  })

  it("is not reported of a pause shorter than a second, nor with deadlock: ignore, nor while held", async () => {
    const box = new Mailbox<number>()
    const running = run(function* () {
      for (let i = 0; i < 5; i++) yield* box.take
    })
    for (let i = 0; i < 5; i++) {
      await vi.advanceTimersByTimeAsync(900)
      box.put(i)
    }
    await running
    await served({ deadlock: "ignore" })
    using _ = hold()
    await served({})
    expect(warnings).toEqual([])
  })
})
