/** An RWMutex in every schedule. */
import { chan, select } from "@weft/channels"
import { accessed, go, type Goroutine, gosched, NotReady, Op, type Waiter, WaitList } from "@weft/core"
import { explore, shadow } from "@weft/core/testing"
import { RWMutex } from "@weft/sync"
import { describe, expect, it } from "vitest"
import { expectNothingLeft } from "../../../core/test/support/left-over.ts"
import { planted } from "../../../core/test/support/planted.ts"
import { byChance } from "../../../core/test/support/soak.ts"
import { thrownBy } from "../../../core/test/support/thrown-by.ts"

interface ReadWriteLock {
  lock(): Op<unknown>
  unlock(): void
  rlock(): Op<unknown>
  runlock(): void
}

type Role = "read" | "write"

function* interrupting(goroutine: Goroutine): Generator<never, void, never> {
  goroutine.interrupt()
}

/** Never a writer beside anybody; all get it. */
const excluding = (make: () => ReadWriteLock, roles: ReadonlyArray<Role>, interrupted = -1) =>
  function* () {
    const rw = make()
    const holding: Record<Role, number> = { read: 0, write: 0 }
    const all = roles.map((role) =>
      go(function* () {
        yield* role === "write" ? rw.lock() : rw.rlock()
        try {
          holding[role]++
          expect(holding.write === 0 || holding.read + holding.write === 1).toBe(true)
          yield* gosched()
        } finally {
          holding[role]--
          if (role === "write") rw.unlock()
          else rw.runlock()
        }
      }),
    )
    const target = all[interrupted]
    const interrupters = target === undefined ? [] : [go(() => interrupting(target))]
    for (const goroutine of [...all, ...interrupters]) yield* thrownBy(goroutine.join())
    yield* rw.lock()
    expectNothingLeft()
  }

describe("RWMutex", () => {
  it.each([
    [["write", "read"], 88],
    [["write", "write"], 88],
    [["read", "read"], 100],
  ] as const)("never has a writer beside anybody: %j", async (roles, pinned) => {
    const { schedules } = await explore.check(
      {},
      excluding(() => new RWMutex(), roles),
    )
    expect(schedules).toBe(pinned)
  })

  const twoPreemptions = async (roles: ReadonlyArray<"read" | "write">, pinned: number) => {
    const { schedules } = await explore.check(
      { preemptions: 2 },
      excluding(() => new RWMutex(), roles),
    )
    expect(schedules).toBe(pinned)
  }

  it.each([[["write", "write", "read"], 9126]] as const)(
    "never has a writer beside anybody: %j, with two preemptions",
    twoPreemptions,
  )

  it.each([[["write", "read", "read"], 14_699]] as const)(
    "never has a writer beside anybody: %j, with two preemptions",
    { tags: "long" },
    twoPreemptions,
  )

  it.each([
    [["write", "read"], 0, 1054],
    [["write", "read"], 1, 784],
    [["write", "write"], 0, 1054],
  ] as const)("is not lost: of %j, number %i is interrupted at whatever step", async (roles, interrupted, pinned) => {
    const { schedules } = await explore.check(
      {},
      excluding(() => new RWMutex(), roles, interrupted),
    )
    expect(schedules).toBe(pinned)
  })

  it("lets readers in that wait behind a writer which is interrupted at whatever step", { tags: "long" }, async () => {
    const { schedules } = await explore.check({ preemptions: 2 }, function* () {
      const rw = new RWMutex()
      yield* rw.rlock()
      const writer = go(function* () {
        using _ = yield* rw.lock()
        yield* gosched()
      })
      const readers = [0, 1].map(() =>
        go(function* () {
          yield* rw.rlock()
        }),
      )
      const interrupter = go(function* () {
        writer.interrupt()
      })
      // This one reads for ever: the readers must not wait for a writer that is gone.
      yield* interrupter
      if ((yield* thrownBy(writer.join())) === undefined) throw new Error("nobody may write")
      for (const reader of readers) yield* reader
      expect([rw.readers, rw.locked]).toEqual([3, false])
      expectNothingLeft()
    })
    expect(schedules).toBe(14474)
  })

  it("orders a writer's work after the readers' and before: no data race", async () => {
    const { schedules } = await explore.check({ shares: "ops" }, function* () {
      const rw = new RWMutex()
      const n = shadow(0)
      const readers = [0, 1].map(() =>
        go(function* () {
          yield* rw.rlock()
          const seen = n.value
          rw.runlock()
          return seen
        }),
      )
      yield* rw.lock()
      n.value++
      rw.unlock()
      for (const reader of readers) expect([0, 1]).toContain(yield* reader)
    })
    expect(schedules).toBe(12)
  })

  it("loses nothing by a select that waits to read and to write, whichever case it takes", async () => {
    const outcomes = new Set<string>()
    const { schedules } = await explore.check({ preemptions: 2 }, function* () {
      const rw = new RWMutex()
      const quit = chan<void>()
      yield* rw.lock()
      const selecting = go(function* () {
        const hit = yield* select({ read: rw.rlock(), write: rw.lock(), quit: quit.receive() })
        if (hit.case !== "quit") hit.value[Symbol.dispose]()
        return hit.case
      })
      const quitter = go(function* () {
        quit.trySend()
      })
      const reader = go(function* () {
        yield* rw.rlock()
        rw.runlock()
      })
      yield* gosched()
      rw.unlock()
      outcomes.add(yield* selecting)
      yield* reader
      yield* quitter
      expect([rw.readers, rw.locked]).toEqual([0, false])
      expectNothingLeft()
    })
    expect([...outcomes].sort()).toEqual(["quit", "read", "write"])
    expect(schedules).toBe(8392)
  })

  it.each(byChance(300))("in larger programs, by $strategy", async (options) => {
    const roles = ["write", "read", "write", "read", "read"] as const
    for (const interrupted of [-1, 0, 1, 2])
      await explore.check(
        options,
        excluding(() => new RWMutex(), roles, interrupted),
      )
  })
})

/** As somebody might write it, to be broken below. */
class HomeMade implements ReadWriteLock {
  isWriting = false
  readers = 0
  readonly writing = new WaitList()
  readonly reading = new WaitList()

  lock(): Op<void> {
    return new HomeMadeLock(this, "write")
  }
  rlock(): Op<void> {
    return new HomeMadeLock(this, "read")
  }
  unlock(): void {
    accessed(this)
    this.isWriting = false
    this.admit()
  }
  runlock(): void {
    accessed(this)
    this.readers--
    this.admit()
  }
  take(role: Role): boolean {
    if (this.isWriting || (role === "write" ? this.readers > 0 : !this.writing.isEmpty)) return false
    if (role === "write") this.isWriting = true
    else this.readers++
    return true
  }
  admit(): void {
    if (this.isWriting) return
    if (this.readers === 0 && !this.writing.isEmpty) {
      this.isWriting = true
      this.writing.shift()!.commit(undefined)
      return
    }
    if (!this.writing.isEmpty) return
    for (let reader = this.reading.shift(); reader !== null; reader = this.reading.shift()) {
      this.readers++
      reader.commit(undefined)
    }
  }
  withdraw(role: Role, waiter: Waiter): void {
    this[role === "write" ? "writing" : "reading"].remove(waiter)
    this.admit()
  }
}

class HomeMadeLock extends Op<void> {
  declare readonly rw: HomeMade
  declare readonly role: Role

  constructor(rw: HomeMade, role: Role) {
    super()
    this.rw = rw
    this.role = role
  }
  override get on(): HomeMade {
    return this.rw
  }
  get name(): string {
    return `home-made ${this.role} lock`
  }
  poll(): unknown {
    return this.rw.take(this.role) ? undefined : NotReady
  }
  enqueue(waiter: Waiter): void {
    this.rw[this.role === "write" ? "writing" : "reading"].push(waiter)
  }
  dequeue(waiter: Waiter): void {
    this.rw.withdraw(this.role, waiter)
  }
}

/** Lets the readers in that waited behind a writer only when somebody unlocks. */
class Forgetful extends HomeMade {
  override withdraw(role: Role, waiter: Waiter): void {
    this[role === "write" ? "writing" : "reading"].remove(waiter)
  }
}

/** Lets a writer in while others read. */
class Early extends HomeMade {
  override take(role: Role): boolean {
    if (role === "read") return super.take(role)
    if (this.isWriting) return false
    return (this.isWriting = true)
  }
}

describe("explore finds a lock that", () => {
  it("lets a writer in beside a reader", async () => {
    expect(await planted(excluding(() => new Early(), ["read", "write"]))).toMatchObject({ name: "GoroutinePanic" })
  })

  it("forgets readers behind a writer that is interrupted: a deadlock", async () => {
    const program = function* () {
      const rw = new Forgetful()
      yield* rw.rlock()
      const writer = go(rw.lock())
      const reader = go(rw.rlock())
      yield* gosched()
      writer.interrupt()
      yield* reader
    }
    expect(await planted(program)).toMatchObject({ name: "DeadlockError" })
  })

  it("and nothing in a sound one made by hand", async () => {
    expect(
      await explore.check(
        { preemptions: 2 },
        excluding(() => new HomeMade(), ["read", "write"], 1),
      ),
    ).toMatchObject({ complete: true })
  })
})
