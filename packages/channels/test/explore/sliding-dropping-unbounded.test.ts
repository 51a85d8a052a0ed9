/** The buffers whose sends never wait, in every schedule of small programs. */
import { buffer, chan, type Channel } from "@weft/channels"
import { go } from "@weft/core"
import { waitIdle } from "@weft/core/testing"
import { describe, expect, it } from "vitest"
import { Dropping } from "../../src/buffer/dropping.ts"
import { Sliding } from "../../src/buffer/sliding.ts"
import { Unbounded } from "../../src/buffer/unbounded.ts"
import { atEveryStep } from "../support/at-every-step.ts"
import { everySchedule } from "../support/every-schedule.ts"
import { plantedBug } from "../support/planted-bug.ts"
import { expectNobodyWaits, sound } from "../support/sound.ts"

type Make = (n: number) => Channel<number>
const sliding: Make = (n) => chan(buffer.sliding(n))
const dropping: Make = (n) => chan(buffer.dropping(n))
const unbounded: Make = () => chan(buffer.unbounded())
const kinds = [
  ["sliding", sliding],
  ["dropping", dropping],
  ["unbounded", unbounded],
] as const

/** Takes what there is. */
function rest(ch: Channel<number>): Array<number> {
  const values: Array<number> = []
  for (let next = ch.tryReceive(); next?.ok === true; next = ch.tryReceive()) values.push(next.value)
  return values
}

/** Three values into two places, and somebody who receives one of them at any moment: what he got, what is left. */
const threeIntoTwo = (make: Make) =>
  function* () {
    const ch = sound(make(2))
    const sender = go(function* () {
      for (const value of [1, 2, 3]) yield* ch.send(value)
    })
    const receiver = go(ch.receive())
    yield* sender
    const received = yield* receiver
    expectNobodyWaits(ch)
    return `${received} and ${rest(ch).join()}`
  }

/** Two senders of two values each and nobody who receives: what is left. */
const twoSenders = (make: Make) =>
  function* () {
    const ch = sound(make(2))
    const senders = [1, 3].map((first) =>
      go(function* () {
        yield* ch.send(first)
        yield* ch.send(first + 1)
      }),
    )
    for (const sender of senders) yield* sender
    return rest(ch).join()
  }

/** Receivers who wait get the values themselves, in the order in which they came, whatever the buffer does. */
const parkedReceivers = (make: Make) =>
  function* () {
    const ch = sound(make(1))
    const receivers = []
    for (let i = 0; i < 2; i++) {
      receivers.push(go(ch.receive()))
      yield* waitIdle()
    }
    const sender = go(function* () {
      for (const value of [1, 2, 3, 4]) yield* ch.send(value)
    })
    const received = [yield* receivers[0]!, yield* receivers[1]!]
    yield* sender
    expect(received).toEqual([1, 2])
    return rest(ch).join()
  }

const cancelledReceive = (make: Make) =>
  function* () {
    const ch = sound(make(2))
    const received: Array<number> = []
    const victim = go(function* () {
      for (;;) received.push(yield* ch.take())
    })
    go(function* () {
      for (const value of [1, 2]) yield* ch.send(value)
    })
    yield* atEveryStep(victim)
    expectNobodyWaits(ch)
    // In order, and none is lost.
    expect([...received, ...rest(ch)]).toEqual([1, 2])
    return received.join()
  }

describe("a sliding buffer", () => {
  it("gives the oldest value that is left, and loses the oldest to a new one", async () => {
    const { answers, schedules } = await everySchedule(threeIntoTwo(sliding))
    expect(answers).toEqual(["1 and 2,3", "2 and 3"])
    expect(schedules).toBe(12)
  })

  it("keeps the last values sent, by whomever", async () => {
    const { answers, schedules } = await everySchedule(twoSenders(sliding))
    expect(answers).toEqual(["1,2", "2,4", "3,4", "4,2"])
    expect(schedules).toBe(18)
  })

  it("hands a value to who waits for it", async () => {
    const { answers, schedules } = await everySchedule(parkedReceivers(sliding))
    expect(answers).toEqual(["4"])
    expect(schedules).toBe(8)
  })
})

describe("a dropping buffer", () => {
  it("gives the oldest value, and loses a new one where there is no room", async () => {
    const { answers, schedules } = await everySchedule(threeIntoTwo(dropping))
    expect(answers).toEqual(["1 and 2", "1 and 2,3"])
    expect(schedules).toBe(12)
  })

  it("keeps the first values sent, by whomever", async () => {
    const { answers, schedules } = await everySchedule(twoSenders(dropping))
    expect(answers).toEqual(["1,2", "1,3", "3,1", "3,4"])
    expect(schedules).toBe(18)
  })

  it("hands a value to who waits for it", async () => {
    const { answers, schedules } = await everySchedule(parkedReceivers(dropping))
    expect(answers).toEqual(["3"])
    expect(schedules).toBe(8)
  })
})

describe("an unbounded buffer", () => {
  it("keeps every value, in order", async () => {
    const { answers, schedules } = await everySchedule(threeIntoTwo(unbounded))
    expect(answers).toEqual(["1 and 2,3"])
    expect(schedules).toBe(12)
  })

  it("keeps the order of each sender's values", async () => {
    const { answers, schedules } = await everySchedule(twoSenders(unbounded))
    expect(answers).toEqual(["1,2,3,4", "1,3,2,4", "1,3,4,2", "3,1,2,4", "3,1,4,2", "3,4,1,2"])
    expect(schedules).toBe(18)
  })

  it("hands a value to who waits for it", async () => {
    const { answers, schedules } = await everySchedule(parkedReceivers(unbounded))
    expect(answers).toEqual(["3,4"])
    expect(schedules).toBe(8)
  })
})

describe.each(kinds)("a buffer (%s)", (_, make) => {
  it("gives what a receiver that is cancelled at any step has not taken to the next", async () => {
    const { answers, schedules } = await everySchedule(cancelledReceive(make))
    expect(answers).toEqual(["", "1", "1,2"])
    expect(schedules).toBe(62)
  })

  it("is emptied after its close, then ends; a send after it panics", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const ch = sound(make(2))
      const received: Array<number> = []
      const sender = go(function* () {
        try {
          for (const value of [1, 2]) yield* ch.send(value)
        } catch (error) {
          return (error as Error).name
        }
        return "sent all"
      })
      const receiver = go(function* () {
        yield* ch.forEach((value) => received.push(value))
      })
      const closer = go(function* () {
        ch.close()
      })
      yield* receiver
      yield* closer
      return `${yield* sender}: ${received.join()}`
    })
    expect(answers).toEqual(["ChannelClosed: ", "ChannelClosed: 1", "sent all: 1,2"])
    expect(schedules).toBe(66)
  })
})

/** Slides although somebody waits: he gets the new value later than what was there. */
class Unfair extends Sliding<number> {
  override pollSend(value: number): unknown {
    if (!this.receivers.isEmpty && this.receivers.length > 1) {
      const first = this.receivers.shift()!
      this.receivers.push(first)
    }
    return super.pollSend(value)
  }
}

/** Loses the oldest value, too, when it drops the newest. */
class Clumsy extends Dropping<number> {
  protected override full(): undefined {
    this.ring.shift()
    return undefined
  }
}

/** Takes a value that comes while it holds two for the one before. */
class Repeating extends Unbounded<number> {
  override pollSend(value: number): unknown {
    if (this.ring.length === 0) return super.pollSend(value)
    const oldest = this.ring.shift()
    this.ring.push(oldest)
    return super.pollSend(oldest)
  }
}

const expecting = (
  program: (make: Make) => () => Generator<never, string>,
  make: Make,
  allowed: ReadonlyArray<string>,
) =>
  function* () {
    expect(allowed).toContain(yield* program(make)())
  }

describe("a search finds a buffer", () => {
  it.each([
    ["that lets another go first", () => new Unfair(1), parkedReceivers, ["4"]],
    ["that drops one too many", (n) => new Clumsy(n), threeIntoTwo, ["1 and 2", "1 and 2,3"]],
    ["that gives a value twice", () => new Repeating(), threeIntoTwo, ["1 and 2,3"]],
  ] as ReadonlyArray<readonly [string, Make, (make: Make) => () => Generator<never, string>, ReadonlyArray<string>]>)(
    "%s",
    async (_, make, program, allowed) => {
      expect(await plantedBug(expecting(program, make, allowed))).toBe("AssertionError")
    },
  )
})
