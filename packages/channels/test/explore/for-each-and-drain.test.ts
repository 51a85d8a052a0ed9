/** forEach, drain and `for await` in every schedule of small programs. */
import { chan, type Channel } from "@weft/channels"
import { go, gosched, Op } from "@weft/core"
import { waitIdle } from "@weft/core/testing"
import { describe, expect, it } from "vitest"
import { Buffered } from "../../src/flavors/buffered.ts"
import { atEveryStep, endAll } from "../support/at-every-step.ts"
import { everySchedule, type Program } from "../support/every-schedule.ts"
import { Ledger } from "../support/ledger.ts"
import { ascending } from "../support/numbers.ts"
import { plantedBug } from "../support/planted-bug.ts"
import { expectNobodyWaits, sound } from "../support/sound.ts"

type Make = () => Channel<number>

/** Sends the values and closes. */
const sending = (ch: Channel<number>, values: ReadonlyArray<number>, ledger?: Ledger) =>
  go.named("sender", function* () {
    for (const value of values) {
      if (ledger === undefined) yield* ch.send(value)
      else yield* ledger.send(ch, value)
    }
    ch.close()
  })

/** Two who share the values of a channel. */
const sharedByTwo = (make: Make): Program<string> =>
  function* () {
    const ch = sound(make())
    const shares: ReadonlyArray<Array<number>> = [[], []]
    const receivers = shares.map((share) =>
      go(function* () {
        yield* ch.forEach((value) => share.push(value))
      }),
    )
    yield* sending(ch, [1, 2, 3])
    for (const receiver of receivers) yield* receiver
    expectNobodyWaits(ch)
    for (const share of shares) expect(share).toEqual(ascending(share))
    expect(ascending(shares.flat())).toEqual([1, 2, 3])
    return shares.map((share) => share.join("")).join()
  }

/** A body that waits, interrupted inside it or between two values. */
const cancelledForEach = (make: Make): Program<string> =>
  function* () {
    const ch = sound(make())
    const ledger = new Ledger()
    const victim = go(function* () {
      yield* ch.forEach(function* (value) {
        ledger.got(value)
        yield* gosched()
      })
    })
    const sender = go(function* () {
      for (const value of [1, 2]) yield* ledger.send(ch, value)
    })
    yield* atEveryStep(victim, sender)
    ledger.check(ch)
    return ledger.summary
  }

/** What a drain has taken goes with it, what is left is what came after: nothing in between is lost. */
const cancelledDrain = (make: Make): Program<string> =>
  function* () {
    const ch = sound(make())
    const ledger = new Ledger()
    const victim = go(ch.drain())
    const sender = go(function* () {
      for (const value of [1, 2, 3]) yield* ledger.send(ch, value)
    })
    yield* atEveryStep(victim, sender)
    expectNobodyWaits(ch)
    const left: Array<number> = []
    for (let next = ch.tryReceive(); next?.ok === true; next = ch.tryReceive()) left.push(next.value)
    expect(left).toEqual(ledger.sent.slice(ledger.sent.length - left.length))
    return `sent ${ledger.sent.join("")} left ${left.join("")}`
  }

describe("forEach", () => {
  it("shares the values with another, each value to one, in order, until the close: unbuffered", async () => {
    const { answers, schedules } = await everySchedule(sharedByTwo(() => chan()))
    expect(answers).toEqual([",123", "1,23", "12,3", "123,", "13,2", "2,13", "23,1", "3,12"])
    expect(schedules).toBe(2504)
  })

  it("shares the values with another, each value to one, in order, until the close: buffered", async () => {
    const { answers, schedules } = await everySchedule(sharedByTwo(() => chan(2)))
    expect(answers).toEqual([",123", "1,23", "12,3", "123,", "13,2", "2,13", "23,1", "3,12"])
    expect(schedules).toBe(2440)
  })

  it("receives nothing while its body waits", async () => {
    const { schedules } = await everySchedule(
      function* () {
        const ch = sound(chan<number>())
        let isInside = false
        const sender = go(function* () {
          for (const value of [1, 2]) {
            yield* ch.send(value)
            // The send may end before the body begins, and no later than the next receive.
            if (value === 2) expect(isInside).toBe(false)
          }
          ch.close()
        })
        yield* ch.forEach(function* (value) {
          if (value === 2) return
          isInside = true
          yield* gosched()
          yield* gosched()
          isInside = false
        })
        yield* sender
      },
      { shares: "anything" },
    )
    expect(schedules).toBe(8)
  })

  it("leaves to others what it had not received when it was cancelled at any step: unbuffered", async () => {
    const { answers, schedules } = await everySchedule(cancelledForEach(() => chan()))
    expect(answers).toEqual(["sent [1,2] received [1,2]", "sent [1] received [1]", "sent [] received []"])
    expect(schedules).toBe(62)
  })

  it("leaves to others what it had not received when it was cancelled at any step: buffered", async () => {
    const { answers, schedules } = await everySchedule(cancelledForEach(() => chan(1)))
    expect(answers).toEqual(["sent [1,2] received [1,2]", "sent [1] received [1]"])
    expect(schedules).toBe(68)
  })

  it("leaves the rest in the channel when its body throws", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const ch = sound(chan<number>(1))
      const ledger = new Ledger()
      const sender = go(function* () {
        for (const value of [1, 2]) yield* ledger.send(ch, value)
      })
      const receiving = go(function* () {
        try {
          yield* ch.forEach((value) => {
            ledger.got(value)
            throw new Error("refused")
          })
        } catch (error) {
          return (error as Error).message
        }
        return "ended"
      })
      expect(yield* receiving).toBe("refused")
      yield* waitIdle()
      yield* endAll(sender)
      ledger.check(ch)
      return ledger.summary
    })
    expect(answers).toEqual(["sent [1,2] received [1,2]"])
    expect(schedules).toBe(6)
  })
})

describe("drain", () => {
  it("gathers all values of two senders, each one's in order, until the close", { tags: "long" }, async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const ch = sound(chan<number>(1))
      const senders = [[1, 2], [3]].map((values) =>
        go(function* () {
          for (const value of values) yield* ch.send(value)
        }),
      )
      const draining = go(ch.drain())
      for (const sender of senders) yield* sender
      ch.close()
      const values = yield* draining
      expectNobodyWaits(ch)
      return values.join("")
    })
    expect(answers).toEqual(["123", "132", "312"])
    expect(schedules).toBe(8262)
  })

  it("has taken what came before it was cancelled, at whatever step, and leaves what came after: unbuffered", async () => {
    const { answers, schedules } = await everySchedule(cancelledDrain(() => chan()))
    expect(answers).toEqual(["sent  left ", "sent 1 left ", "sent 12 left ", "sent 123 left "])
    expect(schedules).toBe(1056)
  })

  it("has taken what came before it was cancelled, at whatever step, and leaves what came after: buffered", async () => {
    const { answers, schedules } = await everySchedule(cancelledDrain(() => chan(1)))
    expect(answers).toEqual(["sent 1 left 1", "sent 12 left 2", "sent 123 left ", "sent 123 left 3"])
    expect(schedules).toBe(1580)
  })
})

describe("for await", () => {
  it("takes nothing further when the loop is left", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const ch = sound(chan<number>(1))
      const ledger = new Ledger()
      const sender = go(function* () {
        for (const value of [1, 2]) yield* ledger.send(ch, value)
      })
      yield* Op.fromPromise(async () => {
        for await (const value of ch) {
          ledger.got(value)
          break
        }
      })
      yield* endAll(sender)
      ledger.check(ch)
      return ledger.summary
    })
    expect(answers).toEqual(["sent [1,2] received [1,2]", "sent [1] received [1]"])
    expect(schedules).toBe(12)
  })

  it("shares the values with a goroutine, each value to one of them", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const ch = sound(chan<number>())
      const shares: ReadonlyArray<Array<number>> = [[], []]
      sending(ch, [1, 2])
      const receiver = go(function* () {
        yield* ch.forEach((value) => shares[0]!.push(value))
      })
      yield* Op.fromPromise(async () => {
        for await (const value of ch) shares[1]!.push(value)
      })
      yield* receiver
      expectNobodyWaits(ch)
      return shares.map((share) => share.join("")).join()
    })
    expect(answers).toEqual([",12", "1,2", "12,", "2,1"])
    expect(schedules).toBe(191)
  })
})

/** Gives every receiver that waits the same value. */
class Generous extends Buffered<number> {
  override pollSend(value: number): unknown {
    const others = this.receivers.length - 1
    const sent = super.pollSend(value)
    if (others > 0 && value === 2) this.receivers.shift()?.commit(value)
    return sent
  }
}

/** Loses what is buffered when there is no room. */
class Fleeting extends Buffered<number> {
  protected override full(value: number): unknown {
    this.ring.shift()
    this.ring.push(value)
    return undefined
  }
}

/** Gives the newest value. */
class Lifo extends Buffered<number> {
  override pollReceive(): unknown {
    for (let i = 1; i < this.ring.length; i++) this.ring.push(this.ring.shift())
    return super.pollReceive()
  }
}

describe("a search finds, by forEach or drain, a channel", () => {
  it.each([
    ["that gives a value to two", sharedByTwo(() => new Generous(1))],
    ["that loses a value", cancelledForEach(() => new Fleeting(1))],
    ["that swaps two values", cancelledDrain(() => new Lifo(2))],
  ] as const)("%s", async (_, program) => {
    expect(await plantedBug(program)).toBe("AssertionError")
  })
})
