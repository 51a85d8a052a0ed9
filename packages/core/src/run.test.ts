import { Context, Effect } from "effect"
import { describe, expect, it } from "vitest"
import { DeadlockError, go, goexit, GoroutinePanic, gosched, never, Op, run, sleep } from "./index.ts"

const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )

describe("run", () => {
  it("resolves with what main returns", async () => {
    expect(
      await run(function* () {
        yield* gosched()
        return 7
      }),
    ).toBe(7)
  })

  it("starts main soon, never synchronously", async () => {
    let isStarted = false
    const running = run(function* () {
      isStarted = true
    })
    expect(isStarted).toBe(false)
    await running
    expect(isStarted).toBe(true)
  })

  it("rejects with the very error that main throws", async () => {
    const boom = new Error("boom")
    const ended = run(function* () {
      throw boom
    })
    expect(await rejection(ended)).toBe(boom)
    expect(await rejection(run(Effect.fail(boom)))).toBe(boom)
  })

  it("fails with the first panic only, and cancels main and all the others", async () => {
    const order: Array<string> = []
    const ended = run(function* () {
      for (const name of ["first", "second"])
        go.named(name, function* () {
          throw new Error(name)
        })
      try {
        yield* never
      } finally {
        order.push("main's finally")
      }
    })
    const error = await rejection(ended)
    expect(error).toBeInstanceOf(GoroutinePanic)
    expect((error as GoroutinePanic).goroutine).toBe("first")
    expect(order).toEqual(["main's finally"])
  })

  it("fails with the first panic though another follows while the rest unwinds", async () => {
    const ended = run(function* () {
      go.named("unwinding", function* () {
        try {
          yield* never
        } finally {
          // eslint-disable-next-line no-unsafe-finally
          throw new Error("second")
        }
      })
      yield* gosched()
      go.named("first", function* () {
        throw new Error("first")
      })
      yield* never
    })
    expect(await rejection(ended)).toMatchObject({ goroutine: "first", cause: { message: "first" } })
  })

  it("fails with a panic while what main left behind unwinds", async () => {
    const ended = run(function* () {
      go(function* () {
        try {
          yield* never
        } finally {
          // eslint-disable-next-line no-unsafe-finally
          throw new Error("in finally")
        }
      })
      yield* gosched()
      return "main's"
    })
    expect(await rejection(ended)).toBeInstanceOf(GoroutinePanic)
  })

  it("is apart from every other run: one fails, the other does not notice", async () => {
    const good = run(function* () {
      yield* sleep(2)
      return "good"
    })
    const bad = run(function* () {
      go(function* () {
        throw new Error("bad")
      })
      yield* never
    })
    expect(await rejection(bad)).toBeInstanceOf(GoroutinePanic)
    expect(await good).toBe("good")
  })

  it("may be started inside a run, as one of its own", () =>
    run(function* () {
      const inner = run(function* () {
        go(never)
        yield* gosched()
        return "inner"
      })
      expect(yield* Op.fromPromise(inner)).toBe("inner")
    }))
})

describe("run's signal", () => {
  it("cancels the run, which rejects with its reason after the finally blocks", async () => {
    const abort = new AbortController()
    const order: Array<string> = []
    const ended = run(
      function* () {
        try {
          setTimeout(() => abort.abort(new Error("enough")), 0)
          yield* never
        } finally {
          yield* sleep(1)
          order.push("finally")
        }
      },
      { signal: abort.signal, remaining: "wait" },
    )
    expect(await rejection(ended)).toMatchObject({ message: "enough" })
    expect(order).toEqual(["finally"])
  })

  it("that has aborted already keeps main's body from running", async () => {
    let isStarted = false
    const ended = run(
      function* () {
        isStarted = true
      },
      { signal: AbortSignal.abort(new Error("before")) },
    )
    expect(await rejection(ended)).toMatchObject({ message: "before" })
    expect(isStarted).toBe(false)
  })

  it("cancels what main left behind and is waited for", async () => {
    const abort = new AbortController()
    const ended = run(
      function* () {
        go(never)
        yield* gosched()
      },
      { signal: abort.signal, remaining: "wait", deadlock: "ignore" },
    )
    setTimeout(() => abort.abort(new Error("enough")), 0)
    expect(await rejection(ended)).toMatchObject({ message: "enough" })
  })

  it("that aborts after the end changes nothing", async () => {
    const abort = new AbortController()
    expect(
      await run(
        function* () {
          return 1
        },
        { signal: abort.signal },
      ),
    ).toBe(1)
    abort.abort()
  })
})

describe("run's services", () => {
  it("reach every Effect of every goroutine, and fibers that these fork", async () => {
    class Config extends Context.Service<Config, { readonly url: string }>()("Config") {}
    const url = Effect.map(Config, (config) => config.url)
    const got = await run(
      function* () {
        const child = go(url)
        return [yield* url, yield* child]
      },
      { services: Context.make(Config, { url: "http://x" }) },
    )
    expect(got).toEqual(["http://x", "http://x"])
  })
})

describe("goexit in main", () => {
  it("lets the others run on, and fails once none is left, in Go's words", async () => {
    const order: Array<string> = []
    const ended = run(function* () {
      go(function* () {
        yield* sleep(1)
        order.push("other")
      })
      yield* goexit()
    })
    const error = await rejection(ended)
    expect(error).toBeInstanceOf(DeadlockError)
    expect((error as Error).message).toContain("no goroutines (main called runtime.Goexit) - deadlock!")
    expect(order).toEqual(["other"])
  })
})
