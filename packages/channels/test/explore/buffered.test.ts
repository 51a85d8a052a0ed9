/** The channel with a buffer in every schedule of small programs. */
import { chan, type Channel, type ChannelClosed } from "@weft/channels"
import { go } from "@weft/core"
import { waitIdle } from "@weft/core/testing"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { thrownBy } from "../../../core/test/support/thrown-by.ts"
import { Buffered } from "../../src/flavors/buffered.ts"
import { atEveryStep, endAll } from "../support/at-every-step.ts"
import { everySchedule } from "../support/every-schedule.ts"
import { Ledger } from "../support/ledger.ts"
import { plantedBug } from "../support/planted-bug.ts"
import { expectNobodyWaits, sound } from "../support/sound.ts"

type Make = (capacity: number) => Channel<number>
const buffered: Make = (capacity) => chan(capacity)

const twoSendersTwoReceivers = (make: Make) =>
  function* () {
    const ch = sound(make(1))
    const senders = [1, 2].map((value) => go(ch.send(value)))
    const receivers = [go(ch.receive()), go(ch.receive())]
    yield* waitIdle()
    expectNobodyWaits(ch)
    for (const sender of senders) yield* sender
    return `${yield* receivers[0]!} ${yield* receivers[1]!}`
  }

/** More values than places, to a receiver that is there all along or comes late. */
const inOrder = (make: Make, capacity: number) =>
  function* () {
    const ch = sound(make(capacity))
    const values = Array.from({ length: capacity + 2 }, (_, i) => i)
    go(function* () {
      for (const value of values) yield* ch.send(value)
    })
    const received: Array<number | undefined> = []
    for (let i = 0; i < values.length; i++) received.push(yield* ch.receive())
    expect(received).toEqual(values)
    expect(ch.length).toBe(0)
    expectNobodyWaits(ch)
  }

/** At each end of a send, no more sends have ended than receives have begun, and as many as there are places. */
const sendsEndAfterReceives = (make: Make, capacity: number) =>
  function* () {
    const ch = sound(make(capacity))
    let [begun, ended] = [0, 0]
    go(function* () {
      for (let value = 0; value < capacity + 2; value++) {
        yield* ch.send(value)
        expect(++ended).toBeLessThanOrEqual(begun + capacity)
      }
    })
    for (let i = 0; i < capacity + 2; i++) {
      begun++
      yield* ch.receive()
    }
    yield* waitIdle()
    expect(ended).toBe(capacity + 2)
  }

/** Two wait for room, one after the other, and others try to get it before them. */
const noOvertaking = (make: Make) =>
  function* () {
    const ch = sound(make(1))
    for (const value of [1, 2, 3]) {
      go(ch.send(value))
      yield* waitIdle()
    }
    const overtaking = go(function* () {
      return ch.trySend(9)
    })
    const received = [yield* ch.receive(), yield* ch.receive(), yield* ch.receive()]
    expect(received).toEqual([1, 2, 3])
    yield* waitIdle()
    return `${yield* overtaking} ${ch.length}`
  }

const closed = (make: Make) =>
  function* () {
    const ch = sound(make(1))
    const ledger = new Ledger()
    const senders = [1, 2].map((value) =>
      go(function* () {
        try {
          yield* ledger.send(ch, value)
        } catch (error) {
          expect((error as ChannelClosed).value).toBe(value)
        }
      }),
    )
    const closer = go(function* () {
      ch.close()
    })
    const receiver = go(function* () {
      while (yield* ledger.receive(ch));
    })
    for (const goroutine of [...senders, closer, receiver]) yield* goroutine
    ledger.check(ch)
    expect(yield* ch.next()).toEqual({ ok: false, value: undefined })
    return ledger.summary
  }

const cancelledSend = (make: Make) =>
  function* () {
    const ch = sound(make(1))
    const ledger = new Ledger()
    const victim = go(function* () {
      yield* ledger.send(ch, 1)
      yield* ledger.send(ch, 2)
    })
    const other = go(function* () {
      yield* ledger.send(ch, 3)
    })
    const receiver = go(function* () {
      yield* ledger.receive(ch)
    })
    yield* atEveryStep(victim, other, receiver)
    ledger.check(ch)
    return ledger.summary
  }

const cancelledReceive = (make: Make) =>
  function* () {
    const ch = sound(make(1))
    const ledger = new Ledger()
    const victim = go(function* () {
      while (yield* ledger.receive(ch));
    })
    const sender = go(function* () {
      for (const value of [1, 2]) yield* ledger.send(ch, value)
    })
    yield* atEveryStep(victim, sender)
    ledger.check(ch)
    return ledger.summary
  }

describe("a buffered channel", () => {
  it("hands each of two values to one of two receivers", async () => {
    const { answers, schedules } = await everySchedule(twoSendersTwoReceivers(buffered))
    expect(answers).toEqual(["1 2", "2 1"])
    expect(schedules).toBe(24)
  })

  it("keeps the order of values: capacity 1", async () => {
    const { schedules } = await everySchedule(inOrder(buffered, 1))
    expect(schedules).toBe(16)
  })

  it("keeps the order of values: capacity 2", async () => {
    const { schedules } = await everySchedule(inOrder(buffered, 2))
    expect(schedules).toBe(45)
  })

  it("ends the (k + capacity)-th send no sooner than the k-th receive has begun: capacity 1", async () => {
    const { schedules } = await everySchedule(sendsEndAfterReceives(buffered, 1), { shares: "anything" })
    expect(schedules).toBe(24)
  })

  it("ends the (k + capacity)-th send no sooner than the k-th receive has begun: capacity 2", async () => {
    const { schedules } = await everySchedule(sendsEndAfterReceives(buffered, 2), { shares: "anything" })
    expect(schedules).toBe(85)
  })

  it("lets as many sends end as there are places, whoever's they are", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const ch = sound(chan<number>(2))
      const ledger = new Ledger()
      const senders = [1, 2, 3].map((value) =>
        go(function* () {
          yield* ledger.send(ch, value)
        }),
      )
      yield* waitIdle()
      expect([ch.length, ch.senders.length]).toEqual([2, 1])
      yield* endAll(...senders)
      ledger.check(ch)
      return ledger.summary
    })
    expect(answers).toEqual(["sent [1,2] received [1,2]", "sent [1,3] received [1,3]", "sent [2,3] received [2,3]"])
    expect(schedules).toBe(6)
  })

  it("gives a place that is free to who waits for it longest, and to nobody who tries meanwhile", async () => {
    const { answers, schedules } = await everySchedule(noOvertaking(buffered))
    // Once nobody waits any more, there is room for one who tries.
    expect(answers).toEqual(["false 0", "true 1"])
    expect(schedules).toBe(4)
  })

  it("gives out what is buffered when it is closed, and gives back what is not", async () => {
    const { answers, schedules } = await everySchedule(closed(buffered))
    expect(answers).toEqual([
      "sent [1,2] received [1,2]",
      "sent [1] received [1]",
      "sent [2] received [2]",
      "sent [] received []",
    ])
    expect(schedules).toBe(450)
  })

  it("has at any moment as many values as were sent and not received", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const ch = sound(chan<number>(2))
      const trying = [0, 1].map((n) =>
        go(function* () {
          const [first, second] = [ch.trySend(n), ch.trySend(n + 2)]
          return Number(first) + Number(second)
        }),
      )
      const receiving = go(function* () {
        const lengths = [ch.length, ch.tryReceive() === undefined ? 0 : 1, ch.length] as const
        expect(lengths[2]).toBe(lengths[0] - lengths[1])
        return lengths[1]
      })
      const sent = (yield* trying[0]!) + (yield* trying[1]!)
      const received = yield* receiving
      expect(ch.length).toBe(sent - received)
      return `${sent} - ${received}`
    })
    expect(answers).toEqual(["2 - 0", "2 - 1", "3 - 1"])
    expect(schedules).toBe(24)
  })
})

describe("a buffered channel, interrupted at every step,", () => {
  it("keeps what was sent and takes nothing from a sender that is cancelled", async () => {
    const { answers, schedules } = await everySchedule(cancelledSend(buffered))
    expect(answers).toEqual(["sent [1,2] received [1,2]", "sent [1,3] received [1,3]", "sent [3] received [3]"])
    expect(schedules).toBe(196)
  })

  it("keeps what a receiver that is cancelled has not taken", async () => {
    const { answers, schedules } = await everySchedule(cancelledReceive(buffered))
    expect(answers).toEqual(["sent [1,2] received [1,2]", "sent [1] received [1]"])
    expect(schedules).toBe(68)
  })

  it.each([
    ["sender", 232],
    ["receiver", 208],
  ] as const)("loses nothing between two Effects of which the %s is cancelled", async (cancelled, n) => {
    const { answers, schedules } = await everySchedule(function* () {
      const ch = sound(chan<number>(1))
      const ledger = new Ledger()
      ledger.offer(1)
      ledger.offer(2)
      const sent = Effect.forEach([1, 2], (value) => Effect.map(ch.send(value), () => ledger.accepted(value)))
      const sender = go(sent)
      const receiver = go(Effect.map(ch.take(), (value) => ledger.got(value)))
      const [victim, other] = cancelled === "sender" ? [sender, receiver] : [receiver, sender]
      const canceller = go(function* () {
        victim.interrupt()
      })
      yield* canceller
      yield* thrownBy(victim.join())
      other.interrupt()
      yield* thrownBy(other.join())
      ledger.check(ch)
      return ledger.summary
    })
    expect(answers).toEqual(["sent [1,2] received [1,2]", "sent [1] received [1]", "sent [] received []"])
    expect(schedules).toBe(n)
  })
})

/** Gives the value of who waits for room before those buffered. */
class Overtaking extends Buffered<number> {
  override pollReceive(): unknown {
    const sender = this.senders.shift()
    if (sender === null) return super.pollReceive()
    const value = sender.slot
    sender.commit(undefined)
    return value
  }
}

/** Has room for one more than it says. */
class Roomy extends Buffered<number> {
  protected override full(value: number): unknown {
    if (this.ring.length > this.capacity) return super.full(value)
    this.ring.push(value)
    return undefined
  }
}

/** Tells nobody who waits for room that there is some. */
class Silent extends Buffered<number> {
  override pollReceive(): unknown {
    return this.ring.length === 0 ? super.pollReceive() : this.ring.shift()
  }
}

/** Forgets on close what is buffered. */
class Forgetful extends Buffered<number> {
  override close(): void {
    super.close()
    while (this.ring.length > 0) this.ring.shift()
  }
}

/** Takes the value of a sender that it lets wait, too. */
class Greedy extends Buffered<number> {
  protected override full(value: number): unknown {
    const { receivers, ring } = this
    if (receivers.isEmpty && ring.length === this.capacity) ring.push(value)
    return super.full(value)
  }
}

/** Lets a sender that is withdrawn take a value with it. */
class Spilling extends Buffered<number> {
  constructor(capacity: number) {
    super(capacity)
    const { senders } = this
    const remove = senders.remove.bind(senders)
    senders.remove = (waiter) => {
      remove(waiter)
      this.ring.shift()
    }
  }
}

describe("a search finds a buffered channel", () => {
  it.each([
    ["where the last sender goes first", () => new Overtaking(1), noOvertaking, "AssertionError"],
    ["with room for one more", (n) => new Roomy(n), (make) => sendsEndAfterReceives(make, 1), "AssertionError"],
    ["that tells no sender that there is room", (n) => new Silent(n), (make) => inOrder(make, 1), "InvariantBroken"],
    ["that forgets on close what is buffered", (n) => new Forgetful(n), closed, "AssertionError"],
    ["that takes what it refuses", (n) => new Greedy(n), cancelledSend, "InvariantBroken"],
    ["that loses a value as a sender is withdrawn", (n) => new Spilling(n), cancelledSend, "AssertionError"],
  ] as ReadonlyArray<readonly [string, Make, typeof closed, string]>)("%s", async (_, make, program, name) => {
    expect(await plantedBug(program(make))).toBe(name)
  })
})
