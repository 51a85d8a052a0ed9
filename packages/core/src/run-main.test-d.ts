import { Context, Effect, type Exit } from "effect"
import { describe, expectTypeOf, it } from "vitest"
import { type Body, failure, go, goexit, never, Op, run, runExit, sleep } from "./index.ts"

class Config extends Context.Service<Config, { readonly url: string }>()("Config") {}
class Database extends Context.Service<Database, { readonly rows: number }>()("Database") {}
class NotFound extends Error {
  readonly code = 404
}
class Refused extends Error {
  readonly reason = "refused"
}
const url = Effect.map(Config, (config) => config.url)
const rows = Effect.map(Database, (database) => database.rows)

describe("run", () => {
  it("infers main's result, of a body, an Effect and an op", () => {
    expectTypeOf(
      run(function* () {
        yield* sleep(1)
        return 1
      }),
    ).toEqualTypeOf<Promise<number>>()
    expectTypeOf(run(function* () {})).toEqualTypeOf<Promise<void>>()
    expectTypeOf(run(Effect.succeed("a"))).toEqualTypeOf<Promise<string>>()
    expectTypeOf(run(Effect.map(Effect.succeed(1), (n) => `${n}`))).toEqualTypeOf<Promise<string>>()
    expectTypeOf(run(sleep(1).map(() => 2))).toEqualTypeOf<Promise<number>>()
    expectTypeOf(run(Effect.fail(new NotFound()))).toEqualTypeOf<Promise<never>>()
  })

  it("needs the services that main's Effects need, and no others", () => {
    const services = Context.make(Config, { url: "" })
    function* one() {
      return yield* url
    }
    function* both() {
      return [yield* url, yield* rows] as const
    }
    expectTypeOf(run(one, { services })).toEqualTypeOf<Promise<string>>()
    expectTypeOf(run(url, { services, remaining: "wait" })).toEqualTypeOf<Promise<string>>()
    expectTypeOf(run(both, { services: Context.add(services, Database, { rows: 1 }) })).toEqualTypeOf<
      Promise<readonly [string, number]>
    >()
    // @ts-expect-error no services
    void run(one)
    // @ts-expect-error options without services
    void run(one, { remaining: "wait" })
    // @ts-expect-error an Effect without its services
    void run(url)
    // @ts-expect-error one service of two
    void run(both, { services })
  })

  it("takes services that main itself does not need", () => {
    const services = Context.make(Config, { url: "" })
    expectTypeOf(run(function* () {}, { services })).toEqualTypeOf<Promise<void>>()
  })

  it("needs no services for what has no type", () => {
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- it is what this is about
    const untyped = undefined as any
    expectTypeOf(
      run(function* () {
        yield* untyped
        yield* sleep(1)
        return 1
      }),
    ).toEqualTypeOf<Promise<number>>()
    expectTypeOf(
      runExit(function* () {
        yield* untyped
      }),
    ).toEqualTypeOf<Promise<Exit.Exit<void, unknown>>>()
    expectTypeOf(
      go(function* () {
        yield* untyped
      }).join(),
    ).toEqualTypeOf<Op<void, unknown>>()
    // @ts-expect-error one that has a type needs its services
    void run(function* () {
      yield* url
    })
  })

  it("refuses what is no body, and options that are none", () => {
    // @ts-expect-error an async function
    void run(async () => {})
    // @ts-expect-error an async generator function
    void run(async function* () {})
    // @ts-expect-error a plain function
    void run(() => 5)
    // @ts-expect-error a promise
    void run(Promise.resolve(1))
    // @ts-expect-error a body that needs an argument
    void run(function* (_: number) {})
    // @ts-expect-error no such choice
    void run(function* () {}, { remaining: "leave" })
    // @ts-expect-error no such choice
    void run(function* () {}, { deadlock: "never" })
  })
})

describe("runExit", () => {
  it("infers the failures of whatever main yields", () => {
    const exit = runExit(function* () {
      yield* Effect.fail(new NotFound())
      yield* Op.fromEffect(Effect.fail(new Refused()))
      return 1
    })
    expectTypeOf(exit).toEqualTypeOf<Promise<Exit.Exit<number, NotFound | Refused>>>()
    expectTypeOf(runExit(Effect.fail("no"))).toEqualTypeOf<Promise<Exit.Exit<never, string>>>()
    expectTypeOf(runExit(function* () {})).toEqualTypeOf<Promise<Exit.Exit<void, never>>>()
    // @ts-expect-error no services
    void runExit(url)
  })
})

describe("go", () => {
  it("infers result and failures of a body, an Effect and an op", () => {
    const typed = go(function* () {
      const n = yield* Effect.succeed(1)
      if (n > 1) yield* Effect.fail(new NotFound())
      return n
    })
    expectTypeOf(typed.join()).toEqualTypeOf<Op<number, NotFound>>()
    expectTypeOf(go(function* () {}).join()).toEqualTypeOf<Op<void>>()
    expectTypeOf(go(Effect.fail("x")).join()).toEqualTypeOf<Op<never, string>>()
    expectTypeOf(go(sleep(1)).join()).toEqualTypeOf<Op<void>>()
    expectTypeOf(go(Effect.map(Effect.succeed(1), (n) => n > 0)).join()).toEqualTypeOf<Op<boolean>>()
    expectTypeOf(typed.exit).toEqualTypeOf<Exit.Exit<number, NotFound> | undefined>()
  })

  it("checks the arguments against the body", () => {
    function* body(n: number, text?: string) {
      return `${n}${text}`
    }
    expectTypeOf(go(body, 1).join()).toEqualTypeOf<Op<string>>()
    expectTypeOf(go.named("name", body, 1, "a").join()).toEqualTypeOf<Op<string>>()
    // @ts-expect-error an argument too few
    go(body)
    // @ts-expect-error an argument of another type
    go(body, "1")
    // @ts-expect-error an argument of another type
    go.named("name", body, 1, 2)
    // @ts-expect-error no name
    go.named(body, 1)
  })

  it("refuses what is no body", () => {
    // @ts-expect-error an async function
    go(async () => {})
    // @ts-expect-error an async generator function
    go(async function* () {})
    // @ts-expect-error a plain function
    go(() => 5)
    // @ts-expect-error a generator, already made
    go((function* () {})())
    // @ts-expect-error yields a promise
    go(function* () {
      yield Promise.resolve(1)
    })
  })

  it("gives what a goroutine returns where it is yielded", () => {
    void run(function* () {
      const child = go(function* () {
        yield* Effect.fail(new NotFound())
        return 1
      })
      expectTypeOf(yield* child).toEqualTypeOf<number>()
      expectTypeOf(yield* goexit()).toEqualTypeOf<never>()
    })
  })
})

describe("a body", () => {
  it("may be typed by what it gives", () => {
    const body: Body<number> = function* () {
      yield* sleep(1)
      return 1
    }
    expectTypeOf(go(body)).toExtend<{ readonly id: number }>()
    // @ts-expect-error gives text
    const wrong: Body<number> = function* () {
      return "1"
    }
    void wrong
  })

  it("may delegate to a helper", () => {
    function* helper(n: number) {
      yield* sleep(n)
      yield* Effect.fail(new Refused())
      return `${n}`
    }
    const goroutine = go(function* () {
      return (yield* helper(1)).length
    })
    expectTypeOf(goroutine.join()).toEqualTypeOf<Op<number, Refused>>()
  })
})

it("failure gives its error back", () => {
  expectTypeOf(failure(new NotFound())).toEqualTypeOf<NotFound>()
  expectTypeOf(never).toEqualTypeOf<Op<never>>()
})
