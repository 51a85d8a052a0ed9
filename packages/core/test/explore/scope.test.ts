/** A scope in every schedule: nobody that it started outlives it, and the first failure is its own. */
import { go, type Goroutine, gosched, never, numGoroutine, type Op, scope, type Scope, sleep } from "@weft/core"
import { explore } from "@weft/core/testing"
import { describe, expect, it, onTestFinished, vi } from "vitest"
import { expectNothingLeft } from "../support/left-over.ts"
import { Mailbox } from "../support/mailbox.ts"
import { planted } from "../support/planted.ts"
import { thrownBy } from "../support/thrown-by.ts"

describe("scope", () => {
  it("gives what its body returned, when all that it started have ended", async () => {
    const { schedules } = await explore.check({}, function* () {
      let ended = 0
      const result = yield* scope(function* (s) {
        for (let i = 0; i < 2; i++)
          s.go(function* () {
            yield* gosched()
            ended++
          })
        return "body"
      })
      expect([result, ended]).toEqual(["body", 2])
      expectNothingLeft()
    })
    expect(schedules).toBe(6)
  })

  it("waits for what its children start in it, however late", async () => {
    const { schedules } = await explore.check({}, function* () {
      const ended: Array<string> = []
      yield* scope(function* (s) {
        s.go(function* () {
          yield* gosched()
          s.go(function* () {
            yield* gosched()
            ended.push("grandchild")
          })
          ended.push("child")
        })
      })
      expect(ended).toEqual(["child", "grandchild"])
      expectNothingLeft()
    })
    expect(schedules).toBe(1)
  })

  it("fails with the first failure by time, once all others have unwound, and cancels them for it", async () => {
    const firsts = new Set<string>()
    const { schedules } = await explore.check({}, function* () {
      const box = new Mailbox<number>()
      const log: Array<string> = []
      let inside = 0
      const error = yield* thrownBy(
        scope(function* (s) {
          // The second throw would only be told: see below.
          for (const name of ["a", "b"])
            s.go(function* () {
              yield* gosched()
              if (log.length > 0) return
              log.push(name)
              throw new Error(name)
            })
          inside++
          try {
            yield* box.take
          } finally {
            yield* sleep(1)
            inside--
          }
        }),
      )
      expect((error as Error).message).toBe(log[0])
      expect(inside).toBe(0)
      firsts.add(log[0]!)
      expectNothingLeft(box)
    })
    expect(firsts).toEqual(new Set(["a", "b"]))
    expect(schedules).toBe(44)
  })

  it("fails with what was thrown first, and tells of the second", async () => {
    const told = vi.spyOn(console, "warn").mockImplementation(() => undefined)
    onTestFinished(() => told.mockRestore())
    const { schedules } = await explore.check({}, function* () {
      const error = yield* thrownBy(
        scope(function* (s) {
          s.go(function* () {
            throw new Error("first")
          })
          try {
            yield* never
          } finally {
            fails("second")
          }
        }),
      )
      expect((error as Error).message).toBe("first")
      expectNothingLeft()
    })
    expect(told.mock.calls.length).toBe(schedules)
    expect(told.mock.calls[0]).toEqual([expect.stringContaining("after its scope had failed: Error: second")])
  })

  it("interrupted at every step cancels all of them, and unwinds after them", async () => {
    const ends = new Set<string>()
    const { schedules } = await explore.check({}, function* () {
      const box = new Mailbox<number>()
      let inside = 0
      let insideAtUnwind = -1
      const scoped = go(function* () {
        try {
          yield* scope(function* (s) {
            s.go(function* () {
              inside++
              let isTaken = false
              try {
                yield* box.take
                isTaken = true
              } finally {
                if (!isTaken) yield* gosched()
                inside--
              }
            })
          })
        } finally {
          insideAtUnwind = inside
        }
      })
      const interrupter = go(function* () {
        scoped.interrupt()
      })
      yield* gosched()
      box.put(1)
      const error = yield* thrownBy(scoped.join())
      expect(insideAtUnwind).toBeLessThanOrEqual(0)
      expect(inside).toBe(0)
      expect(numGoroutine()).toBeLessThanOrEqual(2)
      ends.add(`${error === undefined ? "returned" : "interrupted"}, ${box.values.length} left`)
      yield* interrupter
      expectNothingLeft(box)
    })
    expect([...ends].sort()).toEqual(["interrupted, 0 left", "interrupted, 1 left", "returned, 0 left"])
    expect(schedules).toBe(189)
  })

  it("interrupted while a child fails is interrupted or fails, and in both cases nobody is left", async () => {
    const ends = new Set<string>()
    const { schedules } = await explore.check({}, function* () {
      const scoped: Goroutine<unknown> = go(function* () {
        return yield* thrownBy(
          scope(function* (s) {
            s.go(function* () {
              // Thrown into a scope that nobody waits for any more, it would be a panic.
              if (scoped.waitReason === "scope" && !isAsked) throw new Error("boom")
            })
          }),
        )
      })
      let isAsked = false
      const interrupter = go(function* () {
        isAsked = true
        scoped.interrupt()
      })
      const error = yield* thrownBy(scoped.join())
      if (error !== undefined) ends.add("interrupted")
      else ends.add(String(yield* scoped))
      yield* interrupter
      expectNothingLeft()
    })
    expect([...ends].sort()).toEqual(["Error: boom", "interrupted"])
    expect(schedules).toBe(37)
  })

  it("cancels at once what is started in it after the first failure", async () => {
    const { schedules } = await explore.check({}, function* () {
      let isCancelled = false
      let ranAfter = 0
      const error = yield* thrownBy(
        scope(function* (s) {
          s.go(function* () {
            isCancelled = true
            throw new Error("boom")
          })
          s.go(function* () {
            try {
              yield* gosched()
            } finally {
              const wasCancelled = isCancelled
              s.go(function* () {
                if (wasCancelled) ranAfter++
              })
            }
          })
        }),
      )
      expect(error).toEqual(new Error("boom"))
      expect(ranAfter).toBe(0)
      expectNothingLeft()
    })
    expect(schedules).toBe(4)
  })

  it("in a scope: the inner one ends before the outer one, whichever child fails", async () => {
    const { schedules } = await explore.check({}, function* () {
      const log: Array<string> = []
      const boom = new Error("boom")
      const error = yield* thrownBy(
        scope(function* (outer) {
          outer.go(function* () {
            yield* gosched()
            throw boom
          })
          try {
            yield* scope(function* (inner) {
              inner.go(function* () {
                try {
                  yield* gosched()
                } finally {
                  log.push("innermost")
                }
              })
            })
          } finally {
            log.push("body")
          }
        }),
      )
      log.push("outer")
      expect(error).toBe(boom)
      const places = ["innermost", "body", "outer"].map((entry) => log.indexOf(entry)).filter((at) => at >= 0)
      expect(places).toEqual([...places].sort())
      expectNothingLeft()
    })
    expect(schedules).toBe(21)
  })

  it("refuses to start anything once it is over, whoever kept it", async () => {
    const { schedules } = await explore.check({}, function* () {
      let isOver = false
      let kept: Scope | undefined
      const late = go(function* () {
        yield* gosched()
        if (kept === undefined) return
        const wasOver = isOver
        try {
          kept.go(function* () {})
          expect(wasOver).toBe(false)
        } catch (error) {
          expect((error as Error).message).toContain("Scope.go after the scope has ended")
        }
      })
      yield* scope(function* (s) {
        kept = s
      })
      isOver = true
      yield* late
      expectNothingLeft()
    })
    expect(schedules).toBe(14)
  })
})

function fails(message: string): never {
  throw new Error(message)
}

type Children = (start: (child: () => Generator<Op<unknown>, void, never>) => void) => void

/** Waits for one child after the other, and cancels nobody. */
function* naive(children: Children): Generator<Op<unknown>, void, unknown> {
  const started: Array<Goroutine> = []
  children((child) => started.push(go(child)))
  for (const child of started) yield* child as Goroutine<unknown, never>
}

function* sound(children: Children): Generator<Op<unknown>, void, unknown> {
  yield* scope(function* (s) {
    children((child) => s.go(child))
  })
}

describe("explore finds in a nursery that joins one child after the other", () => {
  const failing = (nursery: typeof naive) =>
    function* () {
      let caught: unknown
      try {
        yield* nursery((start) => {
          start(function* () {
            yield* gosched()
          })
          start(function* () {
            throw new Error("boom")
          })
        })
      } catch (error) {
        caught = error
      }
      expect(caught).toEqual(new Error("boom"))
      expectNothingLeft()
    }

  const interrupted = (nursery: typeof naive) =>
    function* () {
      let inside = 0
      const waiting = go(nursery, (start) =>
        start(function* () {
          inside++
          try {
            yield* gosched()
          } finally {
            inside--
          }
        }),
      )
      const interrupter = go(function* () {
        waiting.interrupt()
      })
      yield* thrownBy(waiting.join())
      expect(inside).toBe(0)
      yield* interrupter
      expectNothingLeft()
    }

  it("a panic, where a later child fails first", async () => {
    expect(await planted(failing(naive))).toMatchObject({ name: "GoroutinePanic" })
  })

  it("children that outlive an interruption", async () => {
    expect(await planted(interrupted(naive))).toMatchObject({ name: "AssertionError" })
  })

  it("and neither in a scope", async () => {
    expect((await explore.check({}, failing(sound))).schedules).toBe(3)
    expect((await explore.check({}, interrupted(sound))).schedules).toBe(38)
  })
})
