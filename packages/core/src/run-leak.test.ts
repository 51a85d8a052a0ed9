import { describe, expect, it } from "vitest"
import { runVirtual } from "../test/support/virtual.ts"
import { go, GoroutinePanic, gosched, type LeakReport, never, run, sleep } from "./index.ts"
import { virtualTime } from "./testing/index.ts"

const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )

describe("what main leaves behind", () => {
  it("is cancelled, and run settles after all finally blocks, those that wait and those they start included", async () => {
    const order: Array<string> = []
    await runVirtual(function* () {
      go(function* () {
        try {
          yield* never
        } finally {
          yield* sleep(10)
          order.push("waited")
          const late = go(function* () {
            yield* sleep(10)
            order.push("late")
          })
          yield* late
        }
      })
      yield* gosched()
      order.push("main")
    })
    order.push("settled")
    expect(order).toEqual(["main", "waited", "late", "settled"])
  })

  it("started by a finally and waited for by nobody is cancelled with the last one that cleans up", async () => {
    const order: Array<string> = []
    await runVirtual(function* () {
      go(function* () {
        try {
          yield* never
        } finally {
          go(function* () {
            try {
              yield* never
            } finally {
              order.push("cancelled")
            }
          })
          yield* sleep(1)
          order.push("cleaned up")
        }
      })
      yield* gosched()
    })
    expect(order).toEqual(["cleaned up", "cancelled"])
  })

  it("is waited for with remaining: wait, as is what it starts", async () => {
    const order: Array<string> = []
    const result = await run(
      function* () {
        go(function* () {
          yield* sleep(10)
          go(function* () {
            yield* sleep(10)
            order.push("grandchild")
          })
          order.push("child")
        })
        return "main"
      },
      { remaining: "wait", plugins: [virtualTime()] },
    )
    expect([result, order]).toEqual(["main", ["child", "grandchild"]])
  })

  it("is waited for with remaining: wait, and its panic fails the run", async () => {
    const ended = run(
      function* () {
        go(function* () {
          yield* gosched()
          throw new Error("late")
        })
      },
      { remaining: "wait" },
    )
    expect(await rejection(ended)).toBeInstanceOf(GoroutinePanic)
  })

  it("is cancelled all the same where main has failed", async () => {
    const order: Array<string> = []
    const ended = run(
      function* () {
        go(function* () {
          try {
            yield* sleep(10)
            order.push("went on")
          } finally {
            order.push("finally")
          }
        })
        yield* gosched()
        throw new Error("main's own")
      },
      { remaining: "wait", plugins: [virtualTime()] },
    )
    expect(await rejection(ended)).toMatchObject({ message: "main's own" })
    expect(order).toEqual(["finally"])
  })

  it("is listed for onLeak before it is cancelled, in the words of a deadlock report", async () => {
    const reports: Array<LeakReport> = []
    let isCancelled = false
    await run(
      function* () {
        go.named("printer", function* () {
          try {
            yield* never
          } finally {
            isCancelled = true
          }
        })
        go.named("other", never)
        yield* gosched()
        yield* gosched()
      },
      {
        onLeak: (report) => {
          expect(isCancelled).toBe(false)
          reports.push(report)
        },
      },
    )
    expect(isCancelled).toBe(true)
    expect(reports).toHaveLength(1)
    const [{ goroutines, message }] = reports as [LeakReport]
    expect(goroutines.map(({ name, waitReason }) => [name, waitReason])).toEqual([
      ["printer", "never"],
      ["other", "never"],
    ])
    expect(message).toMatch(/^main returned and left 2 goroutines behind\n\ngoroutine \d+ \[never\]: printer\n/)
    expect(message).toContain("What to do:")
  })

  it("is not reported where there is none, nor when main failed", async () => {
    const onLeak = () => {
      throw new Error("reported")
    }
    await run(function* () {}, { onLeak })
    const failing = run(
      function* () {
        go(never)
        throw new Error("main's own")
      },
      { onLeak },
    )
    expect(await rejection(failing)).toMatchObject({ message: "main's own" })
  })

  it("is cancelled all the same where onLeak throws, which fails the run", async () => {
    let isCleanedUp = false
    const ended = run(
      function* () {
        go(function* () {
          try {
            yield* never
          } finally {
            isCleanedUp = true
          }
        })
        yield* gosched()
      },
      {
        onLeak: (report) => {
          throw new Error(`${report.goroutines.length} left`)
        },
      },
    )
    await expect(ended).rejects.toThrow("1 left")
    expect(isCleanedUp).toBe(true)
  })
})
