/** pipe, map and filter in every schedule of small programs. */
import { chan, type ChannelClosed, filter, type Flow, map, pipe, type Receiver, type Sender } from "@weft/channels"
import { failure, go, type Goroutine, type Op } from "@weft/core"
import { waitIdle } from "@weft/core/testing"
import { describe, expect, it } from "vitest"
import { thrownBy } from "../../../core/test/support/thrown-by.ts"
import { flow } from "../../src/flow.ts"
import { endAll } from "../support/at-every-step.ts"
import { everySchedule, type Program } from "../support/every-schedule.ts"
import { arrives, channelOf, ended, type MakeFlow, receiverCancelled } from "../support/flow-laws.ts"
import { plantedBug } from "../support/planted-bug.ts"
import { expectNobodyWaits, sound } from "../support/sound.ts"

const mapped: MakeFlow = (from) => map(from, (value) => value)
const mappedInSteps: MakeFlow = (from) => {
  const aside = chan<void>(1)
  return map(from, function* (value) {
    yield* aside.send()
    yield* aside.receive()
    return value
  })
}
const buffered: MakeFlow = (from) => map(from, (value) => value, 1)
const filtered: MakeFlow = (from) => filter(from, () => true)
const chained: MakeFlow = (from) =>
  filter(
    map(from, (value) => value),
    () => true,
  )

/** One in hand at most. */
const upToTheEnd = [
  "sent  received ",
  "sent 1 received ",
  "sent 1 received 1",
  "sent 12 received 1",
  "sent 12 received 12",
]

describe("map", () => {
  it("brings all values in order, then the end", async () => {
    const { answers, schedules } = await everySchedule(arrives(mapped))
    expect(answers).toEqual(["sent 12 received 12"])
    expect(schedules).toBe(48)
  })

  it("brings all values in order, through a buffer", async () => {
    const { answers, schedules } = await everySchedule(arrives(buffered))
    expect(answers).toEqual(["sent 12 received 12"])
    expect(schedules).toBe(78)
  })

  it("drops what it has in hand, and nothing else, when it is stopped at any step", async () => {
    const { answers, schedules } = await everySchedule(ended(mapped, "stop"))
    expect(answers).toEqual(upToTheEnd)
    expect(schedules).toBe(790)
  })

  it("drops what it has in hand, and nothing else, when it is stopped at any step of its function", async () => {
    const { answers, schedules } = await everySchedule(ended(mappedInSteps, "stop"))
    expect(answers).toEqual(upToTheEnd)
    expect(schedules).toBe(970)
  })

  it("drops what it has in hand, and nothing else, when its goroutine is interrupted at any step", async () => {
    const { answers, schedules } = await everySchedule(ended(mapped, "interrupt"))
    expect(answers).toEqual(upToTheEnd)
    expect(schedules).toBe(1156)
  })

  it("leaves in its buffer what was sent before it was stopped", async () => {
    const { answers, schedules } = await everySchedule(ended(buffered, "stop"))
    expect(answers).toEqual(upToTheEnd)
    expect(schedules).toBe(1078)
  })

  it("loses nothing to a receiver that is cancelled at any step", async () => {
    const { answers, schedules } = await everySchedule(receiverCancelled(mapped))
    expect(answers).toEqual(["0", "1", "2"])
    expect(schedules).toBe(2108)
  })

  it("fails every receive past the last value with its function's typed failure, whenever that comes", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const from = sound(chan<number>(2))
      yield* from.send(1)
      yield* from.send(2)
      const failing = map(from, (value) => {
        if (value === 2) throw failure("two")
        return value
      })
      const receiving = [0, 1].map(() => go(outcomeOf(failing.take())))
      const outcomes = [yield* receiving[0]!, yield* receiving[1]!]
      expect(yield* outcomeOf(failing.next())()).toBe("failed with two")
      expectNobodyWaits(from, channelOf(failing))
      return outcomes.join(", ")
    })
    expect(answers).toEqual(["1, failed with two", "failed with two, 1"])
    expect(schedules).toBe(36)
  })
})

/** What taking the op comes to. */
const outcomeOf = (op: Op<unknown, unknown>) =>
  function* (): Generator<Op<unknown>, string, unknown> {
    try {
      return String(yield* op as Op<unknown>)
    } catch (error) {
      return `failed with ${error as string}`
    }
  }

describe("filter", () => {
  it("brings what passes, in order, and ends", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const from = sound(chan<number>())
      const sender = go(function* () {
        for (const value of [1, 2, 3]) yield* from.send(value)
        from.close()
      })
      const odd = filter(from, (value) => value % 2 === 1)
      const values = yield* odd.drain()
      yield* sender
      yield* odd.goroutine
      expectNobodyWaits(from, channelOf(odd))
      return values.join()
    })
    expect(answers).toEqual(["1,3"])
    expect(schedules).toBe(936)
  })

  it("drops what it has in hand, and nothing else, when it is stopped at any step", async () => {
    const { answers, schedules } = await everySchedule(ended(filtered, "stop"))
    expect(answers).toEqual(upToTheEnd)
    expect(schedules).toBe(790)
  })
})

describe("a chain of flows", () => {
  it("brings all values in order, then the end", async () => {
    const { answers, schedules } = await everySchedule(arrives(chained))
    expect(answers).toEqual(["sent 12 received 12"])
    expect(schedules).toBe(480)
  })

  it("is stopped as a whole by its last: each has one value in hand at most", { tags: "long" }, async () => {
    const { answers, schedules } = await everySchedule(ended(chained, "stop", 2, [1]))
    expect(answers).toEqual(["sent  received ", "sent 1 received ", "sent 1 received 1"])
    expect(schedules).toBe(11682)
  })
})

type Pipe = (from: Receiver<number>, to: Sender<number>) => Goroutine<void>

/** Ends a pipe at any step: what it has got rid of has arrived, and the channel to which it sends is closed. */
const interruptedPipe = (pipeOf: Pipe): Program<string> =>
  function* () {
    const [from, to] = [sound(chan<number>()), sound(chan<number>())]
    const [sent, received]: ReadonlyArray<Array<number>> = [[], []]
    const sender = go(function* () {
      for (const value of [1, 2]) {
        yield* from.send(value)
        sent!.push(value)
      }
      from.close()
    })
    const piping = pipeOf(from, to)
    const receiver = go(function* () {
      yield* to.forEach((value) => received!.push(value))
    })
    go(function* () {
      piping.interrupt()
    })
    yield* waitIdle()
    expect([piping.status, receiver.status, to.closed]).toEqual(["done", "done", true])
    yield* endAll(sender)
    expectNobodyWaits(from, to)
    expect(received).toEqual(sent!.slice(0, received!.length))
    expect(sent!.length - received!.length).toBeLessThanOrEqual(1)
    return `${sent!.join("")} ${received!.join("")}`
  }

describe("pipe", () => {
  it("closes its channel however it ends, and drops one value in hand at most", async () => {
    const { answers, schedules } = await everySchedule(interruptedPipe(pipe))
    expect(answers).toEqual([" ", "1 ", "1 1", "12 1", "12 12"])
    expect(schedules).toBe(1156)
  })

  it("panics if somebody else closes its channel, with the value that it had in hand", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const [from, to] = [sound(chan<number>()), sound(chan<number>(1))]
      const piping = go(thrownBy, pipe(from, to).join())
      // Somebody joins: its panic is his.
      yield* waitIdle()
      const sender = go(function* () {
        yield* from.send(1)
        from.close()
      })
      go(function* () {
        if (!to.closed) to.close()
      })
      const error = (yield* piping) as ChannelClosed | undefined
      yield* sender
      expectNobodyWaits(from, to)
      const next = yield* to.next()
      expect(next.ok).toBe(error === undefined)
      return error === undefined ? "arrived" : `${error.name} ${error.value as number}`
    })
    expect(answers).toEqual(["ChannelClosed 1", "arrived"])
    expect(schedules).toBe(8)
  })

  it(
    "joins two channels of which senders and receivers know nothing: each value reaches one receiver",
    { tags: "long" },
    async () => {
      const { answers, schedules } = await everySchedule(function* () {
        const [from, to] = [sound(chan<number>()), sound(chan<number>())]
        const senders = [1, 2].map((value) => go(from.send(value)))
        const receivers = [go(to.receive()), go(to.receive())]
        const piping = pipe(from, to)
        for (const sender of senders) yield* sender
        const received = [yield* receivers[0]!, yield* receivers[1]!]
        from.close()
        yield* piping
        expectNobodyWaits(from, to)
        return received.join()
      })
      expect(answers).toEqual(["1,2", "2,1"])
      expect(schedules).toBe(4608)
    },
  )
})

/** Receives the next value before it has sent the last. */
const readingAhead: MakeFlow = (from) =>
  flow([from], 0, function* (out) {
    let last = yield* from.next()
    while (last.ok) {
      const next = yield* from.next()
      yield* out.send(last.value)
      last = next
    }
  })

/** Gives up a value for which nobody waits. */
const impatient: MakeFlow = (from) =>
  flow([from], 0, function* (out) {
    yield* from.forEach((value) => out.trySend(value))
  })

/** Goes on with the next value in a goroutine of its own. */
const hurrying: MakeFlow = (from) =>
  flow([from], 0, function* (out) {
    const sending: Array<Goroutine<void>> = []
    yield* from.forEach((value) => sending.push(go(out.send(value))))
    for (const goroutine of sending) yield* goroutine
  }) as Flow<number>

/** Leaves its channel open when it is interrupted. */
const careless: Pipe = (from, to) =>
  go(function* () {
    yield* from.forEach(function* (value) {
      yield* to.send(value)
    })
    to.close()
  })

describe("a search finds a flow", () => {
  it.each([
    ["that has two values in hand", ended(readingAhead, "stop")],
    ["that loses what nobody waits for", arrives(impatient)],
    ["that changes the order", arrives(hurrying)],
    ["that does not close its channel when it is interrupted", interruptedPipe(careless)],
  ] as const)("%s", async (_, program) => {
    expect(await plantedBug(program)).toBe("AssertionError")
  })
})
