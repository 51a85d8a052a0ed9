/** `trySelect` in every schedule of small programs: what is ready at that moment, and nothing else. */
import { chan, type Channel, select, trySelect } from "@weft/channels"
import { go, gosched, NotReady, sleep } from "@weft/core"
import { waitIdle } from "@weft/core/testing"
import { describe, expect, it } from "vitest"
import { Buffered } from "../../src/flavors/buffered.ts"
import { endAll } from "../support/at-every-step.ts"
import { everySchedule, type Program } from "../support/every-schedule.ts"
import { Ledger } from "../support/ledger.ts"
import { plantedBug } from "../support/planted-bug.ts"
import { expectNobodyWaits, sound } from "../support/sound.ts"

type Make = () => Channel<number>

/** A value goes round between two channels: it is in one of them at any moment, but for the step that moves it. */
const inOneOfTwo = (make: Make) =>
  function* () {
    const [a, b] = [sound(make()), sound(make())]
    yield* a.send(1)
    const mover = go(function* () {
      for (const [from, to] of [
        [a, b],
        [b, a],
      ] as const) {
        const next = from.tryReceive()
        expect(next).toEqual({ ok: true, value: 1 })
        to.trySend(1)
        yield* gosched()
      }
    })
    const trying = go(function* () {
      const hit = trySelect({ a: a.receive(), b: b.receive() })
      // Back, before anybody else runs.
      if (hit !== undefined) (hit.case === "a" ? a : b).trySend(hit.value!)
      return hit
    })
    const hit = yield* trying
    yield* mover
    expect(hit?.value).toBe(1)
    return hit?.case
  }

const anyOfTheReady = (make: Make) =>
  function* () {
    const channels = [sound(make()), sound(make())] as const
    const ledger = new Ledger()
    const senders = channels.map((ch, i) =>
      go(function* () {
        yield* ledger.send(ch, i)
      }),
    )
    const trying = go(function* () {
      const hit = trySelect({ a: channels[0].receive(), b: channels[1].receive() })
      if (hit !== undefined) ledger.got(hit.value!)
      return hit?.case ?? "none"
    })
    yield* waitIdle()
    yield* endAll(...senders)
    ledger.check(...channels)
    return yield* trying
  }

describe("trySelect", () => {
  it("never misses if some case is ready at every moment", async () => {
    const { answers, schedules } = await everySchedule(
      inOneOfTwo(() => chan(1)),
      { shares: "anything" },
    )
    expect(answers).toEqual(["a", "b"])
    expect(schedules).toBe(48)
  })

  it("takes any of the cases that are ready, takes nothing of the others, and waits for none: buffered", async () => {
    const { answers, schedules } = await everySchedule(anyOfTheReady(() => chan(1)))
    expect(answers).toEqual(["a", "b", "none"])
    expect(schedules).toBe(8)
  })

  it("takes any of the cases that are ready, takes nothing of the others, and waits for none: unbuffered", async () => {
    const { answers, schedules } = await everySchedule(anyOfTheReady(() => chan()))
    expect(answers).toEqual(["a", "b", "none"])
    expect(schedules).toBe(8)
  })

  it("meets who waits, by a send or by a receive, and not two who try", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const ch = sound(chan<number>(), true)
      const tryBoth = (value: number) =>
        go(function* () {
          return trySelect({ in: ch.receive(), out: ch.send(value) })?.case ?? "none"
        })
      const [first, second] = [tryBoth(1), tryBoth(2)]
      const waiting = go(select({ in: ch.receive(), out: ch.send(3) }))
      yield* waitIdle()
      const tried = [yield* first, yield* second].join(" ")
      yield* endAll(waiting)
      expectNobodyWaits(ch)
      return `${tried}, ${waiting.wasInterrupted ? "nobody" : (yield* waiting).case}`
    })
    expect(answers).toEqual(["in none, out", "none in, out", "none none, nobody", "none out, in", "out none, in"])
    expect(schedules).toBe(48)
  })

  it("finds a close, or a value before it", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const [a, b] = [sound(chan<number>(1)), sound(chan<number>())]
      const sender = go(function* () {
        yield* a.send(1)
        a.close()
      })
      const closer = go(function* () {
        b.close()
      })
      const trying = go(function* () {
        const hit = trySelect({ a: a.next(), b: b.next() })
        return hit === undefined ? "none" : `${hit.case} ${hit.value.ok}`
      })
      yield* sender
      yield* closer
      return yield* trying
    })
    expect(answers).toEqual(["a true", "b false", "none"])
    expect(schedules).toBe(36)
  })

  it("looks into a nested select, and never at a time to come", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const [a, b] = [sound(chan<number>(1)), sound(chan<number>(1))]
      go(a.send(1))
      go(b.send(2))
      const trying = go(function* () {
        const hit = trySelect({ nested: select({ a: a.receive(), b: b.receive() }), late: sleep(1) })
        return hit?.case === "nested" ? hit.value.case : "none"
      })
      yield* waitIdle()
      expect(a.length + b.length).toBe((yield* trying) === "none" ? 2 : 1)
      return yield* trying
    })
    expect(answers).toEqual(["a", "b", "none"])
    expect(schedules).toBe(16)
  })
})

/** Says every other time that it is empty. */
class Hesitant extends Buffered<number> {
  #polls = 0

  override pollReceive(): unknown {
    return this.#polls++ % 2 === 1 ? NotReady : super.pollReceive()
  }
}

/** Has lost its value once somebody saw that there was one. */
class Fragile extends Buffered<number> {
  override pollReceive(): unknown {
    const value = super.pollReceive()
    if (value !== NotReady) this.ring.length = 0
    return this.ring.length === 0 && value === 1 ? NotReady : value
  }
}

describe("a search finds, by trySelect, a channel", () => {
  it.each([
    ["that misses a value which is there", () => new Hesitant(1), inOneOfTwo],
    ["that takes a value and says it has none", () => new Fragile(1), anyOfTheReady],
  ] as ReadonlyArray<readonly [string, Make, (make: Make) => Program]>)("%s", async (_, make, program) => {
    expect(await plantedBug(program(make))).toBe("AssertionError")
  })
})
