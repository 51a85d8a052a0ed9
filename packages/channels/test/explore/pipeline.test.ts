/** pipeline in every schedule of small programs. */
import { chan, type Channel, map, pipeline, type Receiver, type Sender } from "@weft/channels"
import { failure, go, type Goroutine, gosched, type Scope, scope, type Yieldable } from "@weft/core"
import { waitIdle } from "@weft/core/testing"
import { describe, expect, it } from "vitest"
import { thrownBy } from "../../../core/test/support/thrown-by.ts"
import { endAll } from "../support/at-every-step.ts"
import { everySchedule, type Program } from "../support/every-schedule.ts"
import { channelOf } from "../support/flow-laws.ts"
import { ascending } from "../support/numbers.ts"
import { plantedBug } from "../support/planted-bug.ts"
import { expectNobodyWaits, sound } from "../support/sound.ts"

type Work = (value: number) => Generator<Yieldable, number, never>
type PipelineOf = (from: Receiver<number>, work: Work, to: Sender<number>) => Goroutine<unknown>
const byTwo: PipelineOf = (from, work, to) => pipeline(2, from, work, to)

/** A channel with these values in it, closed. */
function filled(values: ReadonlyArray<number>): Channel<number> {
  const ch = sound(chan<number>(values.length))
  for (const value of values) ch.trySend(value)
  ch.close()
  return ch
}

/** The first takes longer, or shorter, than the second: they come in the order of the values. */
const keepsOrder = (pipelineOf: PipelineOf): Program<string> =>
  function* () {
    const [from, to] = [filled([1, 2]), sound(chan<number>())]
    let [atWork, most] = [0, 0]
    const working = pipelineOf(
      from,
      function* (value) {
        most = Math.max(most, ++atWork)
        yield* gosched()
        atWork--
        return value
      },
      to,
    )
    const received: Array<number> = []
    yield* to.forEach((value) => received.push(value))
    yield* working as Goroutine<unknown, never>
    expect(received).toEqual([1, 2])
    expect(most).toBeLessThanOrEqual(2)
    expectNobodyWaits(from, to)
    return `${most} at a time`
  }

/** A receiver that takes nothing: as many values are received as may be at work. */
const holdsBack = (pipelineOf: PipelineOf): Program<string> =>
  function* () {
    const [from, to] = [filled([1, 2, 3, 4]), sound(chan<number>())]
    const working = pipelineOf(
      from,

      function* (value) {
        return value
      },
      to,
    )
    yield* waitIdle()
    expect(from.length).toBe(2)
    yield* endAll(working)
    expectNobodyWaits(from, to)
    return working.status
  }

/** Interrupts it at any step: what has begun has ended when it has, and only then its channel is closed. */
const interrupted = (pipelineOf: PipelineOf): Program<string> =>
  function* () {
    const [from, to] = [filled([1]), sound(chan<number>())]
    const begun: Array<number> = []
    const unwound: Array<number> = []
    const working = pipelineOf(
      from,
      function* (value) {
        begun.push(value)
        try {
          yield* gosched()
          return value
        } finally {
          unwound.push(value)
        }
      },
      to,
    )
    go(function* () {
      working.interrupt()
    })
    const received: Array<number> = []
    yield* to.forEach((value) => received.push(value))
    expect(ascending(unwound)).toEqual(ascending(begun))
    yield* waitIdle()
    expect(working.status).toBe("done")
    const taken = 1 - from.length
    expect(received).toEqual([1].slice(0, received.length))
    expectNobodyWaits(from, to)
    return `taken ${taken} received ${received.length}`
  }

describe("pipeline", () => {
  it("sends the results in the order of the values, whichever is ready first", async () => {
    const { answers, schedules } = await everySchedule(keepsOrder(byTwo))
    expect(answers).toEqual(["1 at a time", "2 at a time"])
    expect(schedules).toBe(4800)
  })

  it("receives no more than may be at work while nobody takes the results", async () => {
    const { answers, schedules } = await everySchedule(holdsBack(byTwo))
    expect(answers).toEqual(["done"])
    expect(schedules).toBe(24)
  })

  it("ends all at work, and then closes its channel, when it is interrupted at any step", async () => {
    const { answers, schedules } = await everySchedule(interrupted(byTwo))
    expect(answers).toEqual(["taken 0 received 0", "taken 1 received 0", "taken 1 received 1"])
    expect(schedules).toBe(2920)
  })

  it("cancels the others when one fails, after what came before has been sent or not", { tags: "long" }, async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const [from, to] = [filled([1, 2]), sound(chan<number>())]
      let ended = 0
      const working = pipeline(
        2,
        from,
        function* (value): Generator<Yieldable, number, never> {
          try {
            if (value === 2) throw failure("two")
            yield* gosched()
            return value
          } finally {
            ended++
          }
        },
        to,
      )
      const received: Array<number> = []
      yield* to.forEach((value) => received.push(value))
      expect(yield* thrownBy(working.join())).toBe("two")
      expectNobodyWaits(from, to)
      return `received ${received.join("")} ended ${ended}`
    })
    expect(answers).toEqual(["received  ended 1", "received  ended 2", "received 1 ended 2"])
    expect(schedules).toBe(6134)
  })

  it("finishes and sends what is at work when its source fails", { tags: "long" }, async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const failing = map(filled([1, 2]), (value) => {
        if (value === 2) throw failure("broken")
        return value
      })
      const to = sound(chan<number>())
      const working = pipeline(
        2,
        failing,
        function* (value) {
          yield* gosched()
          return value
        },
        to,
      )
      const received: Array<number> = []
      yield* to.forEach((value) => received.push(value))
      expect(yield* thrownBy(working.join())).toBe("broken")
      expectNobodyWaits(channelOf(failing), to)
      return received.join("")
    })
    expect(answers).toEqual(["1"])
    expect(schedules).toBe(7560)
  })
})

/** Sends each result as soon as it is there. */
const unordered: PipelineOf = (from, work, to) =>
  go(function* () {
    const jobs: Array<Goroutine<void>> = []
    yield* from.forEach((value) => {
      const job = go(function* (): Generator<Yieldable, void, never> {
        yield* to.send(yield* work(value))
      })
      jobs.push(job)
    })
    for (const job of jobs) yield* job
    to.close()
  })

/** Puts no bound on how many are at work. */
const unbounded: PipelineOf = (from, work, to) =>
  go(function* (): Generator<Yieldable, void, never> {
    const jobs: Array<Goroutine<number, unknown>> = []
    yield* from.forEach((value) => jobs.push(go(work, value)))
    for (const job of jobs) yield* to.send(yield* job)
    to.close()
  })

/** Closes its channel while some are still at work. */
const hasty: PipelineOf = (from, work, to) => {
  const working = go(function* () {
    yield* scope(function* (s: Scope<unknown>) {
      yield* from.forEach(function* (value) {
        yield* to.send(yield* s.go(work, value))
      })
    })
  })
  const interrupt = working.interrupt.bind(working)
  working.interrupt = () => {
    if (!to.closed) to.close()
    interrupt()
  }
  working.onExit(() => {
    if (!to.closed) to.close()
  })
  return working
}

describe("a search finds a pipeline", () => {
  it.each([
    ["that changes the order", keepsOrder(unordered)],
    ["that receives without bound", holdsBack(unbounded)],
    ["that closes its channel while some are at work", interrupted(hasty)],
  ] as const)("%s", async (_, program) => {
    expect(await plantedBug(program)).toBe("AssertionError")
  })
})
