/** The nil channel in every schedule of small programs. */
import { chan, type Channel, nil, select, trySelect } from "@weft/channels"
import { go, NotReady } from "@weft/core"
import { explore, waitIdle } from "@weft/core/testing"
import { describe, expect, it } from "vitest"
import { Rendezvous } from "../../src/flavors/rendezvous.ts"
import { atEveryStep, endAll } from "../support/at-every-step.ts"
import { everySchedule, type Program } from "../support/every-schedule.ts"
import { plantedBug } from "../support/planted-bug.ts"
import { expectNobodyWaits } from "../support/sound.ts"

type Make = () => Channel<number>

const neverMeet = (make: Make) =>
  function* () {
    const ch = make()
    const waiting = [go(ch.send(1)), go(ch.next()), go(ch.take())]
    const trying = go(function* () {
      return [ch.trySend(2), ch.tryReceive(), trySelect({ in: ch.receive(), out: ch.send(3) })]
    })
    yield* waitIdle()
    expect(waiting.map(({ status }) => status)).toEqual(waiting.map(() => "waiting"))
    expect(yield* trying).toEqual([false, undefined, undefined])
    yield* endAll(...waiting)
    expectNobodyWaits(ch)
  }

const switchesACaseOff = (make: Make) =>
  function* () {
    const [off, on] = [make(), chan<number>()]
    const selecting = go(select({ in: off.receive(), out: off.send(1), on: on.receive() }))
    const others = [go(off.send(2)), go(off.receive())]
    go(on.send(3))
    expect(yield* selecting).toEqual({ case: "on", value: 3 })
    yield* endAll(...others)
    expectNobodyWaits(off, on)
  }

describe("the nil channel", () => {
  it("lets nobody who sends meet anybody who receives", async () => {
    const { schedules } = await everySchedule(neverMeet(nil))
    expect(schedules).toBe(48)
  })

  it("switches cases of a select off, whoever waits on it", async () => {
    const { schedules } = await everySchedule(switchesACaseOff(nil))
    expect(schedules).toBe(696)
  })

  it("keeps nobody who is cancelled at any step", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const ch = nil<number>()
      const [other, victim] = [go(ch.receive()), go(select({ in: ch.receive(), out: ch.send(1) }))]
      yield* atEveryStep(victim, other)
      expectNobodyWaits(ch)
      return victim.status
    })
    expect(answers).toEqual(["done"])
    expect(schedules).toBe(28)
  })

  it("can't be closed, whoever waits on it", async () => {
    const { schedules } = await everySchedule(function* () {
      const ch = nil<number>()
      const [receiver, sender] = [go(ch.receive()), go(ch.send(1))]
      const closer = go(function* () {
        expect(() => ch.close()).toThrow("close of nil channel")
      })
      yield* closer
      yield* waitIdle()
      expect([receiver.status, sender.status]).toEqual(["waiting", "waiting"])
      yield* endAll(receiver, sender)
      expectNobodyWaits(ch)
    })
    expect(schedules).toBe(4)
  })

  it("is a deadlock where all wait on it", async () => {
    const { failure } = await explore({ shares: "ops" }, function* () {
      const ch = nil<number>()
      go(ch.send(1))
      yield* ch.receive()
    })
    expect(failure?.error).toMatchObject({
      name: "DeadlockError",
      goroutines: [{ waitReason: "chan receive (nil chan)" }, { waitReason: "chan send (nil chan)" }],
    })
  })
})

/** Hands a value over to who waits, like any other channel. */
class Working extends Rendezvous<number> {}

/** Answers that it has sent, and has not. */
class Swallowing extends Rendezvous<number> {
  override pollSend(): unknown {
    return undefined
  }
  override pollReceive(): unknown {
    return NotReady
  }
}

describe("a search finds a nil channel", () => {
  it.each([
    ["that hands values over", () => new Working(), switchesACaseOff],
    ["whose sends happen", () => new Swallowing(), neverMeet],
  ] as ReadonlyArray<readonly [string, Make, (make: Make) => Program]>)("%s", async (_, make, program) => {
    expect(await plantedBug(program(make))).toBe("AssertionError")
  })
})
