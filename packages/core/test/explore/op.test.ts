/** The small ops, and those made by hand, in every schedule. */
import { go, goexit, gosched, hold, never, NotReady, Op, sleep, WaitList } from "@weft/core"
import { explore, waitIdle } from "@weft/core/testing"
import { describe, expect, it } from "vitest"
import { expectNothingLeft } from "../support/left-over.ts"
import { Mailbox } from "../support/mailbox.ts"
import { planted } from "../support/planted.ts"
import { thrownBy } from "../support/thrown-by.ts"

describe("gosched", () => {
  it("lets any other goroutine run first, and takes nothing from itself", async () => {
    const seen = new Set<string>()
    const { schedules } = await explore.check({}, function* () {
      const log: Array<string> = []
      const others = ["a", "b"].map((name) =>
        go(function* () {
          log.push(name)
        }),
      )
      yield* gosched()
      seen.add(log.join(""))
      for (const other of others) yield* other
      expect([...log].sort()).toEqual(["a", "b"])
    })
    expect([...seen].sort()).toEqual(["", "a", "ab", "b", "ba"])
    expect(schedules).toBe(15)
  })
})

describe("never", () => {
  it("holds who commits it until he is interrupted, however many do", async () => {
    const { schedules } = await explore.check({}, function* () {
      const waiting = [go(never), go(never)]
      const interrupters = waiting.map((goroutine) =>
        go(function* () {
          goroutine.interrupt()
        }),
      )
      for (const goroutine of waiting) expect(yield* thrownBy(goroutine.join())).toBeDefined()
      for (const interrupter of interrupters) yield* interrupter
      expectNothingLeft()
    })
    expect(schedules).toBe(1482)
  })

  it("is found by explore where main waits for it: a deadlock", async () => {
    const error = await planted(function* () {
      yield* never
    })
    expect(error).toMatchObject({ name: "DeadlockError", goroutines: [{ waitReason: "never" }] })
  })
})

describe("hold", () => {
  it("keeps explore from calling it a deadlock: a callback of the host's may still come", async () => {
    const { complete } = await explore.check({}, function* () {
      const box = new Mailbox<number>()
      const taker = go(box.take)
      using _ = hold()
      setTimeout(() => box.put(1), 0)
      expect(yield* taker).toBe(1)
      expectNothingLeft(box)
    })
    expect(complete).toBe(true)
  })

  it("does not keep time from going on", async () => {
    const { schedules } = await explore.check({}, function* () {
      using _ = hold()
      yield* sleep("1 hour")
      yield* waitIdle()
    })
    expect(schedules).toBe(1)
  })

  it("is no excuse once it was disposed of", async () => {
    const error = await planted(function* () {
      {
        using _ = hold()
        yield* gosched()
      }
      yield* new Mailbox<number>().take
    })
    expect(error).toMatchObject({ name: "DeadlockError" })
  })

  it("is no excuse for what main leaves behind, nor held by somebody before the program began", async () => {
    using _ = hold()
    const leaking = await planted(function* () {
      using _ = hold()
      go(new Mailbox<number>().take)
    })
    expect(leaking).toMatchObject({ name: "LeakedGoroutines" })
    const stuck = await planted(function* () {
      yield* never
    })
    expect(stuck).toMatchObject({ name: "DeadlockError" })
  })
})

/** Opens once; made by `Op.make`. `poll` may take what it should only look at. */
class Ticket {
  readonly waiters = new WaitList()
  left = 1

  get take(): Op<number> {
    return Op.make<number>({
      name: "ticket",
      poll: () => (this.left > 0 ? this.left-- : NotReady),
      enqueue: (waiter) => this.waiters.push(waiter),
      dequeue: (waiter) => this.waiters.remove(waiter),
    })
  }

  give(): void {
    const waiter = this.waiters.shift()
    if (waiter === null) this.left++
    else waiter.commit(1)
  }
}

/** Gives back to whoever asks next instead of to whoever waits. */
class Barging extends Ticket {
  override give(): void {
    this.left++
    const waiter = this.waiters.shift()
    if (waiter === null) return
    this.left--
    waiter.commit(1)
    if (!this.waiters.isEmpty) this.left++
  }
}

describe("Op.make", () => {
  const sharing = (make: () => Ticket) =>
    function* () {
      const ticket = make()
      let inside = 0
      const workers = [0, 1, 2].map(() =>
        go(function* () {
          yield* ticket.take
          inside++
          expect(inside).toBe(1)
          yield* gosched()
          inside--
          ticket.give()
        }),
      )
      for (const worker of workers) yield* worker
      expect(ticket.left).toBe(1)
      expectNothingLeft(ticket)
    }

  it("commits each registration once, in every order: a ticket is one goroutine's at a time", async () => {
    const { schedules } = await explore.check(
      { preemptions: 2 },
      sharing(() => new Ticket()),
    )
    expect(schedules).toBe(9485)
  })

  it("explore finds a ticket that is two goroutines' at once", async () => {
    expect(await planted(sharing(() => new Barging()))).toBeInstanceOf(Error)
  })

  it("serves one op to several at once, and each gets a result of its own", async () => {
    const { schedules } = await explore.check({}, function* () {
      const box = new Mailbox<number>()
      const op = box.take
      const takers = [go(op), go(op)]
      box.put(1)
      yield* gosched()
      box.put(2)
      const got = [yield* takers[0]!, yield* takers[1]!]
      expect(got.sort()).toEqual([1, 2])
      expectNothingLeft(box)
    })
    expect(schedules).toBe(117)
  })
})

describe("Op.map", () => {
  it("changes the result once for each commit, in whoever waited, and not of one that was withdrawn", async () => {
    const { schedules } = await explore.check({}, function* () {
      const box = new Mailbox<number>()
      const calls: Array<number> = []
      const op = box.take.map((n) => {
        calls.push(n)
        return n * 2
      })
      const taker = go(op)
      const interrupter = go(function* () {
        taker.interrupt()
      })
      yield* gosched()
      box.put(1)
      const error = yield* thrownBy(taker.join())
      yield* interrupter
      // A goroutine that has a value keeps it, whatever comes of the goroutine.
      expect(calls).toEqual(box.values.length === 0 ? [1] : [])
      if (error === undefined) expect(calls).toEqual([1])
      expectNothingLeft(box)
    })
    expect(schedules).toBe(39)
  })

  it("throws what its function throws in whoever waited, and the value is gone with it", async () => {
    const { schedules } = await explore.check({}, function* () {
      const box = new Mailbox<number>()
      const op = box.take.map(() => {
        throw new Error("boom")
      })
      const joiner = go(thrownBy, op)
      yield* gosched()
      box.put(1)
      expect(yield* joiner).toEqual(new Error("boom"))
      expectNothingLeft(box)
    })
    expect(schedules).toBe(6)
  })
})

describe("goexit in an op of one's own", () => {
  it("still ends the goroutine, at the point where it stands", async () => {
    const { schedules } = await explore.check({}, function* () {
      const box = new Mailbox<number>()
      const log: Array<string> = []
      const ending = go(function* () {
        try {
          yield* box.take
          yield* goexit().map(() => log.push("mapped"))
          log.push("after")
        } finally {
          log.push("finally")
        }
      })
      yield* gosched()
      box.put(1)
      yield* thrownBy(ending.join())
      expect(log).toEqual(["finally"])
      expectNothingLeft(box)
    })
    expect(schedules).toBe(11)
  })
})
