/** The unbuffered channel in every schedule of small programs. */
import { chan, type Channel, type ChannelClosed } from "@weft/channels"
import { go, type Goroutine, gosched, type Op, type Waiter } from "@weft/core"
import { waitIdle } from "@weft/core/testing"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { thrownBy } from "../../../core/test/support/thrown-by.ts"
import { Rendezvous } from "../../src/flavors/rendezvous.ts"
import { atEveryStep, endAll } from "../support/at-every-step.ts"
import { everySchedule } from "../support/every-schedule.ts"
import { Ledger } from "../support/ledger.ts"
import { plantedBug } from "../support/planted-bug.ts"
import { expectNobodyWaits, sound } from "../support/sound.ts"

type Make = () => Channel<number>
const unbuffered: Make = () => chan()

const twoSendersTwoReceivers = (make: Make) =>
  function* () {
    const ch = sound(make())
    const senders = [1, 2].map((value) => go(ch.send(value)))
    const receivers = [go(ch.receive()), go(ch.receive())]
    yield* waitIdle()
    expectNobodyWaits(ch)
    for (const sender of senders) yield* sender
    return `${yield* receivers[0]!} ${yield* receivers[1]!}`
  }

const oneSenderOneReceiver = (make: Make) =>
  function* () {
    const ch = sound(make())
    go(function* () {
      for (const value of [1, 2, 3]) yield* ch.send(value)
    })
    const received: Array<number | undefined> = []
    for (let i = 0; i < 3; i++) received.push(yield* ch.receive())
    expect(received).toEqual([1, 2, 3])
    yield* waitIdle()
    expectNobodyWaits(ch)
  }

/** Two come, one after the other, before anybody is there for them. */
const inLine = (make: Make) =>
  function* () {
    const receiving = sound(make())
    const sending = sound(make())
    const receivers: Array<Goroutine<number | undefined>> = []
    for (const value of [1, 2]) {
      receivers.push(go(receiving.receive()))
      go(sending.send(value))
      yield* waitIdle()
    }
    go(function* () {
      for (const value of [1, 2]) yield* receiving.send(value)
    })
    const received = [yield* sending.receive(), yield* sending.receive()]
    yield* waitIdle()
    expectNobodyWaits(receiving, sending)
    expect(received).toEqual([1, 2])
    expect([yield* receivers[0]!, yield* receivers[1]!]).toEqual([1, 2])
  }

/** At each end of a send, as many receives have begun as there were sends. */
const sendsEndAfterReceives = (make: Make) =>
  function* () {
    const ch = sound(make())
    let [begun, ended] = [0, 0]
    go(function* () {
      for (const value of [1, 2]) {
        yield* ch.send(value)
        expect(begun).toBeGreaterThanOrEqual(++ended)
      }
    })
    for (let i = 0; i < 2; i++) {
      begun++
      yield* ch.receive()
    }
    yield* waitIdle()
    expect(ended).toBe(2)
  }

const cancelledSend = (make: Make) =>
  function* () {
    const ch = sound(make())
    const ledger = new Ledger()
    const victim = go(function* () {
      yield* ledger.send(ch, 1)
    })
    const other = go(function* () {
      yield* ledger.send(ch, 2)
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
    const ch = sound(make())
    const ledger = new Ledger()
    const victim = go(function* () {
      yield* ledger.receive(ch)
    })
    const sender = go(function* () {
      yield* ledger.send(ch, 1)
    })
    const receiver = go(function* () {
      yield* ledger.receive(ch)
    })
    yield* atEveryStep(victim, sender, receiver)
    ledger.check(ch)
    return `${ledger.summary} by ${victim.wasInterrupted ? "the other" : "the victim"}`
  }

describe("an unbuffered channel", () => {
  it("hands each of two values to one of two receivers", async () => {
    const { answers, schedules } = await everySchedule(twoSendersTwoReceivers(unbuffered))
    expect(answers).toEqual(["1 2", "2 1"])
    expect(schedules).toBe(24)
  })

  it("keeps the order of a sender's values", async () => {
    const { schedules } = await everySchedule(oneSenderOneReceiver(unbuffered))
    expect(schedules).toBe(8)
  })

  it("serves receivers and senders in the order in which they came", async () => {
    const { schedules } = await everySchedule(inLine(unbuffered))
    expect(schedules).toBe(1)
  })

  it("ends no send before its receive has begun", async () => {
    const { schedules } = await everySchedule(sendsEndAfterReceives(unbuffered), { shares: "anything" })
    expect(schedules).toBe(4)
  })

  it("keeps the order of each of two senders, whose values come in any mixture", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const ch = sound(chan<number>())
      for (const first of [1, 3]) {
        go(function* () {
          yield* ch.send(first)
          yield* ch.send(first + 1)
        })
      }
      const received: Array<number | undefined> = []
      for (let i = 0; i < 4; i++) received.push(yield* ch.receive())
      yield* waitIdle()
      expectNobodyWaits(ch)
      return received.join("")
    })
    expect(answers).toEqual(["1234", "1324", "1342", "3124", "3142", "3412"])
    expect(schedules).toBe(158)
  })

  it("answers trySend and tryReceive by whether the other side waits at that moment", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const ch = sound(chan<number>())
      const receiver = go(ch.receive())
      const trying = go(function* () {
        const receivedBefore = ch.tryReceive()
        const isSent = ch.trySend(1)
        return `${receivedBefore?.value} ${isSent}`
      })
      yield* waitIdle()
      const answer = yield* trying
      yield* endAll(receiver)
      expectNobodyWaits(ch)
      return answer
    })
    expect(answers).toEqual(["undefined false", "undefined true"])
    expect(schedules).toBe(2)
  })

  it("ends every receive once it is closed, parked or not", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const ch = sound(chan<number>())
      const receive = go(ch.receive())
      const next = go(ch.next())
      const take = go(thrownBy, ch.take())
      go(function* () {
        ch.close()
      })
      const ended = `${yield* receive} ${(yield* next).ok} ${((yield* take) as Error).name}`
      expectNobodyWaits(ch)
      return ended
    })
    expect(answers).toEqual(["undefined false ChannelClosed"])
    expect(schedules).toBe(156)
  })

  it("gives a value back to its sender or hands it over when it is closed, never both", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const ch = sound(chan<number>())
      const senders = [1, 2].map((value) => go(thrownBy, ch.send(value)))
      const receiver = go(ch.next())
      go(function* () {
        ch.close()
      })
      const errors = [yield* senders[0]!, yield* senders[1]!] as ReadonlyArray<ChannelClosed | undefined>
      const { value } = yield* receiver
      expectNobodyWaits(ch)
      return `received ${value} given back ${errors.map((error) => error?.value).join()}`
    })
    expect(answers).toEqual([
      "received 1 given back ,2",
      "received 2 given back 1,",
      "received undefined given back 1,2",
    ])
    expect(schedules).toBe(124)
  })

  it("is closed once: of two who close it one panics", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const ch = sound(chan<number>())
      const closers = [1, 2].map(() =>
        go(function* () {
          yield* gosched()
          try {
            ch.close()
            return "closed"
          } catch (error) {
            return (error as Error).name
          }
        }),
      )
      return `${yield* closers[0]!} ${yield* closers[1]!}`
    })
    expect(answers).toEqual(["ChannelClosed closed", "closed ChannelClosed"])
    expect(schedules).toBe(6)
  })
})

describe("an unbuffered channel, interrupted at every step,", () => {
  it("takes nothing from a sender that is cancelled", async () => {
    const { answers, schedules } = await everySchedule(cancelledSend(unbuffered))
    expect(answers).toEqual(["sent [1] received [1]", "sent [2] received [2]"])
    expect(schedules).toBe(128)
  })

  it("gives nothing to a receiver that is cancelled: the value is there for the next", async () => {
    const { answers, schedules } = await everySchedule(cancelledReceive(unbuffered))
    expect(answers).toEqual(["sent [1] received [1] by the other", "sent [1] received [1] by the victim"])
    expect(schedules).toBe(128)
  })

  it.each([
    ["receive", (ch: Channel<number>) => ch.receive()],
    ["take", (ch: Channel<number>) => ch.take()],
  ] as const)("hands a value to a %s that is not cancelled, or keeps it", async (_, opOf) => {
    const { answers, schedules } = await everySchedule(function* () {
      const ch = sound(chan<number>())
      const ledger = new Ledger()
      const victim = go(function* () {
        const value = yield* opOf(ch) as Op<number | undefined>
        if (value !== undefined) ledger.got(value)
      })
      const sender = go(function* () {
        yield* ledger.send(ch, 1)
      })
      yield* atEveryStep(victim, sender)
      ledger.check(ch)
      return ledger.summary
    })
    expect(answers).toEqual(["sent [1] received [1]", "sent [] received []"])
    expect(schedules).toBe(24)
  })

  it("loses nothing between two Effects of which either is cancelled", async () => {
    for (const isSenderCancelled of [true, false]) {
      const { answers, schedules } = await everySchedule(function* () {
        const ch = sound(chan<number>())
        const ledger = new Ledger()
        ledger.offer(1)
        const sender = go(Effect.map(ch.send(1), () => ledger.accepted(1)))
        const receiver = go(Effect.map(ch.take(), (value) => ledger.got(value)))
        const [victim, other] = isSenderCancelled ? [sender, receiver] : [receiver, sender]
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
      expect(answers).toEqual(["sent [1] received [1]", "sent [] received []"])
      expect(schedules).toBe(208)
    }
  })
})

/** Lets the last receiver go first. */
class LastFirst extends Rendezvous<number> {
  override enqueueReceiver(waiter: Waiter): void {
    const before = this.receivers.shiftAll()
    this.receivers.push(waiter)
    for (const each of before) this.receivers.push(each)
  }
}

/** Forgets to wake the sender whose value it has taken. */
class Forgetful extends Rendezvous<number> {
  override pollReceive(): unknown {
    const { head } = this.senders
    if (head === null) return super.pollReceive()
    this.senders.remove(head)
    return head.slot
  }
}

/** Hands a value to every receiver that waits. */
class Generous extends Rendezvous<number> {
  override pollSend(value: number): unknown {
    const sent = super.pollSend(value)
    if (sent === undefined) this.receivers.commitAll(value)
    return sent
  }
}

/** A receiver that is withdrawn stays in the list: the next value is his. */
class Clinging extends Rendezvous<number> {
  override dequeueReceiver(): void {}
}

/** Swaps the values of the first two senders that wait. */
class Swapping extends Rendezvous<number> {
  override pollReceive(): unknown {
    const { head } = this.senders
    if (head?.next != null) [head.slot, head.next.slot] = [head.next.slot, head.slot]
    return super.pollReceive()
  }
}

/** Takes a value before anybody has come to receive it. */
class Hasty extends Rendezvous<number> {
  #left: number | undefined

  override pollSend(value: number): unknown {
    const sent = super.pollSend(value)
    if (sent === undefined || this.#left !== undefined) return sent
    this.#left = value
    return undefined
  }
  override pollReceive(): unknown {
    const left = this.#left
    this.#left = undefined
    return left ?? super.pollReceive()
  }
}

describe("a search finds an unbuffered channel", () => {
  it.each([
    ["that forgets to wake a sender", () => new Forgetful(), twoSendersTwoReceivers, "DeadlockError"],
    ["that hands one value to two receivers", () => new Generous(), twoSendersTwoReceivers, "AssertionError"],
    ["that swaps the values of two senders", () => new Swapping(), inLine, "AssertionError"],
    ["that lets the last receiver go first", () => new LastFirst(), inLine, "AssertionError"],
    ["whose send ends before anybody receives", () => new Hasty(), sendsEndAfterReceives, "AssertionError"],
    ["that leaves a cancelled receiver in its list", () => new Clinging(), cancelledReceive, "AssertionError"],
  ] as const)("%s", async (_, make, program, name) => {
    expect(await plantedBug(program(make))).toBe(name)
  })
})
