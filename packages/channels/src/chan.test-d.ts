import { context, go, never, Op, run, sleep } from "@weft/core"
import { Effect } from "effect"
import { describe, expectTypeOf, it } from "vitest"
import {
  buffer,
  chan,
  type Channel,
  type ChannelClosed,
  type Next,
  nil,
  type Receiver,
  select,
  type Sender,
  trySelect,
} from "./index.ts"
import { after, tick, Ticker, Timer } from "./index.ts"

describe("chan", () => {
  it("makes a channel of what it is told to carry", () => {
    expectTypeOf(chan<string>()).toEqualTypeOf<Channel<string>>()
    expectTypeOf(chan<string>(3)).toEqualTypeOf<Channel<string>>()
    expectTypeOf(chan<string>(buffer.sliding(3))).toEqualTypeOf<Channel<string>>()
    expectTypeOf(nil<string>()).toEqualTypeOf<Channel<string>>()
  })

  it("types each way to receive", () => {
    const ch = chan<string>()
    expectTypeOf(ch.receive()).toEqualTypeOf<Op<string | undefined>>()
    expectTypeOf(ch.next()).toEqualTypeOf<Op<Next<string>>>()
    expectTypeOf(ch.take()).toEqualTypeOf<Op<string, ChannelClosed>>()
    expectTypeOf(ch.tryReceive()).toEqualTypeOf<Next<string> | undefined>()
    expectTypeOf(ch.drain()).toEqualTypeOf<Op<Array<string>>>()
  })

  it("narrows what next gives by ok", () => {
    const narrow = (next: Next<string>) => {
      if (next.ok) expectTypeOf(next.value).toEqualTypeOf<string>()
      else expectTypeOf(next.value).toEqualTypeOf<undefined>()
    }
    void narrow
  })

  it("sends what it carries and nothing else", () => {
    const ch = chan<string>()
    expectTypeOf(ch.send("a")).toEqualTypeOf<Op<void>>()
    expectTypeOf(ch.trySend("a")).toEqualTypeOf<boolean>()
    // @ts-expect-error a number into a channel of strings
    ch.send(1)
    // @ts-expect-error nothing into a channel of strings
    ch.send()
    // @ts-expect-error a number into a channel of strings
    ch.trySend(1)
  })

  it("needs no argument to send nothing", () => {
    const done = chan<void>()
    expectTypeOf(done.send()).toEqualTypeOf<Op<void>>()
    expectTypeOf(done.trySend()).toEqualTypeOf<boolean>()
  })

  it("refuses what is no capacity", () => {
    // @ts-expect-error text
    chan("3")
    // @ts-expect-error null
    chan(null)
  })
})

describe("the ends of a channel", () => {
  const ch = chan<string>()

  it("are what a function that only sends, or only receives, asks for", () => {
    expectTypeOf(ch).toExtend<Sender<string>>()
    expectTypeOf(ch).toExtend<Receiver<string>>()
  })

  it("may be widened to what they carry, and narrowed to what they are sent", () => {
    expectTypeOf<Receiver<"a">>().toExtend<Receiver<string>>()
    expectTypeOf<Receiver<string>>().not.toExtend<Receiver<"a">>()
    expectTypeOf<Sender<string>>().toExtend<Sender<"a">>()
    expectTypeOf<Sender<"a">>().not.toExtend<Sender<string>>()
    expectTypeOf<Channel<"a">>().not.toExtend<Channel<string>>()
    expectTypeOf<Channel<string>>().not.toExtend<Channel<"a">>()
  })

  it("keep their direction", () => {
    const receiver: Receiver<string> = ch
    const sender: Sender<string> = ch
    // @ts-expect-error a receiver can't be closed
    receiver.close()
    // @ts-expect-error a receiver can't send
    receiver.send("a")
    // @ts-expect-error a receiver can't try to send
    receiver.trySend("a")
    // @ts-expect-error a sender can't receive
    sender.receive()
    // @ts-expect-error a sender can't be ranged over
    sender.forEach(() => undefined)
    // @ts-expect-error a sender is no receiver
    expectTypeOf(sender).toExtend<Receiver<string>>()
  })

  it("of timers only receive", () => {
    expectTypeOf(after("1 second")).toEqualTypeOf<Receiver<Date>>()
    expectTypeOf(tick(10)).toEqualTypeOf<Receiver<Date>>()
    expectTypeOf(new Timer(10).receive()).toEqualTypeOf<Op<Date | undefined>>()
    expectTypeOf(new Timer(10).stop()).toEqualTypeOf<boolean>()
    // @ts-expect-error a ticker can't be closed
    new Ticker(10).close()
  })
})

describe("select", () => {
  const [numbers, words] = [chan<number>(), chan<string>()]

  it("gives a union that the case tells apart", () => {
    const either = select({ n: numbers.receive(), w: words.next(), sent: words.send("a"), time: sleep(1) })
    type Either = typeof either extends Op<infer A> ? A : never
    expectTypeOf<Either>().toEqualTypeOf<
      | { readonly case: "n"; readonly value: number | undefined }
      | { readonly case: "w"; readonly value: Next<string> }
      | { readonly case: "sent"; readonly value: void }
      | { readonly case: "time"; readonly value: void }
    >()
    const use = (hit: Either) => {
      switch (hit.case) {
        case "n":
          return expectTypeOf(hit.value).toEqualTypeOf<number | undefined>()
        case "w":
          return expectTypeOf(hit.value).toEqualTypeOf<Next<string>>()
        default:
          return expectTypeOf(hit.value).toEqualTypeOf<void>()
      }
    }
    void use
  })

  it("fails with whatever a case can fail with", () => {
    class Refused {
      readonly reason = "refused"
    }
    const op = select({ taken: numbers.take(), effect: Op.fromEffect(Effect.fail(new Refused())), never })
    type ErrorOfOp = typeof op extends Op<infer _A, infer E> ? E : "no op"
    expectTypeOf<ErrorOfOp>().toEqualTypeOf<ChannelClosed | Refused>()
    expectTypeOf(select({ plain: numbers.receive() })).toExtend<Op<unknown, never>>()
  })

  it("nests", () => {
    const nested = select({ inner: select({ n: numbers.take() }), done: context.background.done })
    type Nested = typeof nested extends Op<infer A, infer _E> ? A : never
    expectTypeOf<Nested>().toEqualTypeOf<
      | { readonly case: "inner"; readonly value: { readonly case: "n"; readonly value: number } }
      | { readonly case: "done"; readonly value: void }
    >()
  })

  it("tries, and may miss", () => {
    expectTypeOf(trySelect({ n: numbers.receive() })).toEqualTypeOf<
      { readonly case: "n"; readonly value: number | undefined } | undefined
    >()
  })

  it("is ordered with the same types", () => {
    expectTypeOf(select.ordered({ n: numbers.take() })).toEqualTypeOf(select({ n: numbers.take() }))
  })

  it("takes ops only", () => {
    // @ts-expect-error a channel is no op
    select({ n: numbers })
    // @ts-expect-error a promise is no op
    select({ n: Promise.resolve(1) })
    // @ts-expect-error an Effect is no op
    select({ n: Effect.succeed(1) })
    // @ts-expect-error an op is no object of cases
    select(numbers.receive())
    // @ts-expect-error a list has no names
    select([numbers.receive()])
  })
})

describe("a goroutine's body", () => {
  it("infers what its ops give, and what they fail with", () => {
    const ch = chan<number>()
    const main = run(function* () {
      const received = yield* ch.receive()
      expectTypeOf(received).toEqualTypeOf<number | undefined>()
      const taken = yield* ch.take()
      expectTypeOf(taken).toEqualTypeOf<number>()
      const hit = yield* select({ a: ch.receive(), b: sleep(1) })
      expectTypeOf(hit.case).toEqualTypeOf<"a" | "b">()
      return "done"
    })
    expectTypeOf(main).toEqualTypeOf<Promise<string>>()
    const taking = go(function* () {
      return yield* ch.take()
    })
    expectTypeOf(taking.join()).toEqualTypeOf<Op<number, ChannelClosed>>()
    const receiving = go(function* () {
      return yield* ch.receive()
    })
    expectTypeOf(receiving.join()).toEqualTypeOf<Op<number | undefined>>()
  })

  it("ranges with plain and generator functions", () => {
    const ch = chan<number>()
    const ranging = go(function* () {
      yield* ch.forEach((value) => expectTypeOf(value).toEqualTypeOf<number>())
      yield* ch.forEach(function* (value) {
        expectTypeOf(value).toEqualTypeOf<number>()
        yield* ch.take()
      })
    })
    expectTypeOf(ranging.join()).toEqualTypeOf<Op<void, ChannelClosed>>()
  })
})
