/** An interruption at every step: nothing is lost, nothing is left behind, and who is interrupted unwinds once, to its end. */
import { go, type Goroutine, gosched, Op, sleep } from "@weft/core"
import { explore } from "@weft/core/testing"
import { describe, expect, it } from "vitest"
import { expectNothingLeft, joinersOf } from "../support/left-over.ts"
import { Mailbox } from "../support/mailbox.ts"
import { planted } from "../support/planted.ts"
import { thrownBy } from "../support/thrown-by.ts"

/** Interrupts it, at whatever step of the others the search comes to. */
const interrupting = (goroutine: Goroutine): Goroutine<void> =>
  go.named("interrupter", function* () {
    goroutine.interrupt()
  })

describe("interrupt", () => {
  it("at every step loses no value: it was taken, or it is still there", async () => {
    const ends = new Set<string>()
    const { schedules } = await explore.check({}, function* () {
      const box = new Mailbox<number>()
      const taken: Array<number> = []
      const taker = go(function* () {
        for (let i = 0; i < 2; i++) taken.push(yield* box.take)
      })
      const interrupter = interrupting(taker)
      box.put(1)
      yield* gosched()
      box.put(2)
      const error = yield* thrownBy(taker.join())
      expect([...taken, ...box.values]).toEqual([1, 2])
      ends.add(`${taken.length} taken, ${error === undefined ? "returned" : "interrupted"}`)
      yield* interrupter
      expectNothingLeft(box)
    })
    expect([...ends].sort()).toEqual(["0 taken, interrupted", "1 taken, interrupted", "2 taken, returned"])
    expect(schedules).toBe(65)
  })

  it("hands a value on to the next in line when it takes one out of it", async () => {
    const { schedules } = await explore.check({}, function* () {
      const box = new Mailbox<number>()
      const takers = [0, 1].map(() => go(box.take))
      const interrupter = interrupting(takers[0]!)
      yield* gosched()
      box.put(1)
      const results = [yield* thrownOrValue(takers[0]!), ...(box.values.length === 0 ? [] : [undefined])]
      if (results[0] === undefined) expect(yield* takers[1]!).toBe(1)
      else {
        box.put(2)
        expect(yield* takers[1]!).toBe(2)
      }
      yield* interrupter
      expectNothingLeft(box)
    })
    expect(schedules).toBe(2817)
  })

  it("runs finally blocks once, those that wait included, and no later interruption cuts them short", async () => {
    const { schedules } = await explore.check({}, function* () {
      const log: Array<string> = []
      const goroutine = go(function* () {
        try {
          log.push("begin")
          yield* gosched()
          log.push("end")
        } finally {
          log.push("finally")
          yield* sleep(1)
          log.push("finally ends")
        }
      })
      goroutine.onExit(() => log.push("exit"))
      const interrupters = [interrupting(goroutine), interrupting(goroutine)]
      yield* thrownBy(goroutine.join())
      // Before its first step there is no finally block to run; one that a return has begun is code like any other.
      const begun = log.includes("begin")
      if (!log.includes("end")) expect(log).toEqual(begun ? ["begin", "finally", "finally ends", "exit"] : ["exit"])
      else expect(log.slice(0, 3)).toEqual(["begin", "end", "finally"])
      expect(log.filter((entry) => entry === "finally" || entry === "exit").length).toBe(begun ? 2 : 1)
      for (const interrupter of interrupters) yield* interrupter
      expectNothingLeft()
    })
    expect(schedules).toBe(105)
  })

  it("is what the goroutine ends with, exactly if it came before the last step: reason told to whoever joins", async () => {
    const { schedules } = await explore.check({}, function* () {
      const reason = new Error("enough")
      const seen = { isOver: false, wasInTime: false }
      const goroutine = go(function* () {
        yield* gosched()
        seen.isOver = true
        return "result"
      })
      const interrupter = go(function* () {
        seen.wasInTime = !seen.isOver
        goroutine.interrupt(reason)
      })
      yield* interrupter
      const error = yield* thrownBy(goroutine.join())
      expect(goroutine.wasInterrupted).toBe(seen.wasInTime)
      if (seen.wasInTime) expect(error).toMatchObject({ name: "GoroutineInterrupted", cause: reason })
      else expect(yield* goroutine).toBe("result")
    })
    expect(schedules).toBe(14)
  })

  it("of one's own self ends at the next op", async () => {
    const { schedules } = await explore.check({}, function* () {
      const log: Array<string> = []
      const box = new Mailbox<number>()
      const other = go(function* () {
        box.put(1)
      })
      const goroutine: Goroutine<void> = go(function* () {
        goroutine.interrupt()
        log.push("runs on")
        yield* box.take
        log.push("never")
      })
      yield* thrownBy(goroutine.join())
      yield* other
      expect(log).toEqual(["runs on"])
      expect(box.values).toEqual([1])
      expectNothingLeft(box)
    })
    expect(schedules).toBe(15)
  })

  it("of two that interrupt each other ends whoever is late", async () => {
    const ends = new Set<string>()
    const { schedules } = await explore.check({}, function* () {
      const asked = [false, false]
      const pair: Array<Goroutine<void>> = [0, 1].map((i) =>
        go(function* () {
          yield* gosched() // here the other one unwinds
          asked[1 - i] = pair[1 - i]!.status !== "done"
          pair[1 - i]!.interrupt()
          yield* gosched()
        }),
      )
      for (const goroutine of pair) yield* thrownBy(goroutine.join())
      expect(pair.map((goroutine) => goroutine.wasInterrupted)).toEqual(asked)
      ends.add(asked.join())
      expectNothingLeft()
    })
    expect([...ends].sort()).toEqual(["false,true", "true,false"])
    expect(schedules).toBe(38)
  })

  it("of one that joins another leaves that one alone, and no joiner with it", async () => {
    const { schedules } = await explore.check({}, function* () {
      const box = new Mailbox<number>()
      const joined = go(box.take)
      const joiner = go(joined.join())
      const interrupter = interrupting(joiner)
      yield* interrupter
      box.put(1)
      const error = yield* thrownBy(joiner.join())
      expect(joinersOf(joined)).toBe(0)
      expect(yield* joined).toBe(1)
      expect(joiner.wasInterrupted).toBe(error !== undefined)
      expectNothingLeft(box)
    })
    expect(schedules).toBe(893)
  })

  it("of main's children at main's end: all have unwound when the run settles", async () => {
    let unwound = 0
    let begun = 0
    const { schedules } = await explore.check({ leaks: "cancel" }, function* () {
      const box = new Mailbox<number>()
      unwound = begun = 0
      for (let i = 0; i < 2; i++)
        go(function* () {
          try {
            begun++
            yield* box.take
          } finally {
            yield* gosched()
            unwound++
          }
        })
      yield* gosched()
    })
    expect(unwound).toBe(begun)
    expect(schedules).toBe(98)
  })
})

function* thrownOrValue(goroutine: Goroutine<number>) {
  const error = yield* thrownBy(goroutine.join())
  return error === undefined ? yield* goroutine : undefined
}

/** Takes the value when it wakes the waiter and hands it over later: between the two it is nobody's. */
class TwoStep extends Mailbox<number> {
  override put(value: number): void {
    const waiter = this.waiters.shift()
    if (waiter === null) this.values.push(value)
    else
      go.named("hand-over", function* () {
        waiter.commit(value)
      })
  }
}

/** Forgets to withdraw. */
class Sticky extends Mailbox<number> {
  override get take(): Op<number> {
    return Op.make<number>({
      name: "sticky",
      poll: () => super.take.poll() as number,
      enqueue: (waiter) => this.waiters.push(waiter),
      dequeue() {},
    })
  }
}

describe("explore finds what an interruption does to", () => {
  const taking = (make: () => Mailbox<number>) =>
    function* () {
      const box = make()
      const taken: Array<number> = []
      const taker = go.named("taker", function* () {
        taken.push(yield* box.take)
      })
      const interrupter = interrupting(taker)
      yield* gosched()
      box.put(1)
      yield* thrownBy(taker.join())
      yield* interrupter
      yield* gosched()
      expect([...taken, ...box.values]).toEqual([1])
      expect(box.waiters.length).toBe(0)
    }

  it("a mailbox that hands over in two steps: a value is lost", async () => {
    expect(await planted(taking(() => new TwoStep()))).toBeInstanceOf(Error)
  })

  it("a mailbox that withdraws nobody", async () => {
    expect(await planted(taking(() => new Sticky()))).toBeInstanceOf(Error)
  })

  it("the sound one: nothing", async () => {
    const { schedules } = await explore.check(
      {},
      taking(() => new Mailbox()),
    )
    expect(schedules).toBe(39)
  })
})
