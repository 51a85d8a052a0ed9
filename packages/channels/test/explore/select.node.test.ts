/** `select` in every schedule of small programs: one case happens, the others have taken nothing and leave nobody behind. */
import { after, buffer, chan, type Channel, select } from "@weft/channels"
import {
  context,
  currentProcessor,
  go,
  type Goroutine,
  gosched,
  NotReady,
  Op,
  type OpProtocol,
  sleep,
} from "@weft/core"
import { waitIdle } from "@weft/core/testing"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { joinersOf } from "../../../core/test/support/left-over.ts"
import { thrownBy } from "../../../core/test/support/thrown-by.ts"
import { atEveryStep, endAll } from "../support/at-every-step.ts"
import { everySchedule, type Program } from "../support/every-schedule.ts"
import { Ledger } from "../support/ledger.ts"
import { plantedBug } from "../support/planted-bug.ts"
import { expectNobodyWaits, sound } from "../support/sound.ts"

type Make = () => Channel<number>

/** Ops that a test may break. */
type ReceiveOf = (ch: Channel<number>) => Op<number | undefined>
type SendTo = (ch: Channel<number>, value: number) => Op<void>
const receiveOf: ReceiveOf = (ch) => ch.receive()
const sendTo: SendTo = (ch, value) => ch.send(value)

/** A select over two channels, a sender to each; who is not served stays parked, and his value with him. */
const oneOfTwo = (make: Make, receive = receiveOf): Program<string> =>
  function* () {
    const [a, b] = [sound(make()), sound(make())]
    const ledger = new Ledger()
    const senders = [a, b].map((ch, i) =>
      go(function* () {
        yield* ledger.send(ch, i)
      }),
    )
    const selecting = go(function* () {
      const hit = yield* select({ a: receive(a), b: receive(b) })
      ledger.got(hit.value!)
      return hit.case
    })
    yield* waitIdle()
    yield* endAll(...senders)
    ledger.check(a, b)
    return yield* selecting
  }

/** Two selects that can meet on either of two channels, once. */
const twoSelects = (make: Make): Program<string> =>
  function* () {
    const [a, b] = [sound(make()), sound(make())]
    const first = go(select({ out: a.send(1), in: b.receive() }))
    const second = go(select({ in: a.receive(), out: b.send(2) }))
    yield* waitIdle()
    expectNobodyWaits(a, b)
    const [one, other] = [yield* first, yield* second]
    return [one, other].map((hit) => (hit.case === "in" ? `in ${hit.value}` : "out")).join()
  }

const cancelled = (make: Make, receive = receiveOf, send = sendTo): Program<string> =>
  function* () {
    const [a, b] = [sound(make()), sound(make())]
    const ledger = new Ledger()
    const victim = go(function* () {
      ledger.offer(1)
      const hit = yield* select({ in: receive(a), out: send(b, 1) })
      if (hit.case === "out") ledger.accepted(1)
      else ledger.got(hit.value!)
    })
    const sender = go(function* () {
      yield* ledger.send(a, 2)
    })
    const receiver = go(function* () {
      yield* ledger.receive(b)
    })
    yield* atEveryStep(victim, sender, receiver)
    ledger.check(a, b)
    return ledger.summary
  }

/**
 * Nobody but the select is on two of its channels: nothing of it is there once it has taken a case, is late, or was interrupted. A channel
 * that is used would pass over whom it finds there in vain.
 */
const leavesNobody = (receive: ReceiveOf, send: SendTo): Program<string> =>
  function* () {
    const [used, a, b] = [sound(chan<number>()), sound(chan<number>()), sound(chan<number>())]
    const maybe = () => currentProcessor().scheduler.choose(2) === 0
    const sender = go(maybe() ? used.send(1) : gosched())
    const victim = go(
      select({
        used: used.receive(),
        a: receive(a),
        b: send(b, 2),
        nested: select({ a: receive(a), b: send(b, 3) }),
        late: sleep(10),
      }),
    )
    go.named("canceller", function* () {
      if (maybe()) victim.interrupt()
    })
    yield* sleep(20)
    expect(victim.status).toBe("done")
    expectNobodyWaits(a, b)
    yield* endAll(sender)
    return victim.wasInterrupted ? "interrupted" : (yield* victim).case
  }

/** A timeout at the very instant at which a sender wakes. */
const lateAndValue = (receive: ReceiveOf): Program<string> =>
  function* () {
    const ch = sound(chan<number>())
    const ledger = new Ledger()
    const sender = go(function* () {
      yield* sleep(10)
      yield* ledger.send(ch, 1)
    })
    const hit = yield* select({ value: receive(ch), late: sleep(10) })
    if (hit.case === "value") ledger.got(hit.value!)
    expect(currentProcessor().clock.now()).toBeGreaterThanOrEqual(10)
    yield* waitIdle()
    yield* endAll(sender)
    ledger.check(ch)
    expect(currentProcessor().timers.size).toBe(0)
    return hit.case
  }

describe("select", () => {
  it("takes one of two values and leaves the other with its sender: unbuffered", async () => {
    const { answers, schedules } = await everySchedule(oneOfTwo(() => chan()))
    expect(answers).toEqual(["a", "b"])
    expect(schedules).toBe(10)
  })

  it("takes one of two values and leaves the other in its channel: buffered", async () => {
    const { answers, schedules } = await everySchedule(oneOfTwo(() => chan(1)))
    expect(answers).toEqual(["a", "b"])
    expect(schedules).toBe(10)
  })

  it("meets another select on one of the two channels that they share: unbuffered", async () => {
    const { answers, schedules } = await everySchedule(twoSelects(() => chan()))
    expect(answers).toEqual(["in 2,out", "out,in 1"])
    expect(schedules).toBe(8)
  })

  it("may send without meeting the other where there is room: buffered", async () => {
    const { answers, schedules } = await everySchedule(twoSelects(() => chan(1)))
    expect(answers).toEqual(["in 2,out", "out,in 1", "out,out"])
    expect(schedules).toBe(8)
  })

  it("leaves nobody on channels that nobody else uses, whether it takes another case or is interrupted", async () => {
    const { answers, schedules } = await everySchedule(leavesNobody(receiveOf, sendTo))
    expect(answers).toEqual(["interrupted", "late", "used"])
    expect(schedules).toBe(5268)
  })

  it("never meets itself on a channel to which it sends and from which it receives", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const ch = sound(chan<number>(), true)
      const selecting = [1, 2, 3].map((value) => go(select({ in: ch.receive(), out: ch.send(value) })))
      yield* waitIdle()
      const waiting = selecting.filter(({ status }) => status === "waiting")
      expect([waiting.length, ch.receivers.length, ch.senders.length]).toEqual([1, 1, 1])
      yield* endAll(...waiting)
      expectNobodyWaits(ch)
      const hits: Array<string> = []
      for (const goroutine of selecting) {
        if (goroutine.wasInterrupted) hits.push("-")
        else {
          const hit = yield* goroutine
          hits.push(hit.case === "in" ? `in ${hit.value}` : "out")
        }
      }
      return hits.join(", ")
    })
    expect(answers).toEqual([
      "-, in 3, out",
      "-, out, in 2",
      "in 2, out, -",
      "in 3, -, out",
      "out, -, in 1",
      "out, in 1, -",
    ])
    expect(schedules).toBe(48)
  })

  it("takes each of the cases that are ready in some schedule", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const channels = [0, 1, 2].map((value) => {
        const ch = chan<number>(1)
        ch.trySend(value)
        return ch
      })
      const [a, b, c] = channels
      const hit = yield* select({ a: a!.receive(), b: b!.receive(), c: c!.receive() })
      expect(channels.map(({ length }) => length).join("")).toBe({ a: "011", b: "101", c: "110" }[hit.case])
      return hit.case
    })
    expect(answers).toEqual(["a", "b", "c"])
    expect(schedules).toBe(3)
  })

  it("takes either of two cases on one channel", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const ch = sound(chan<number>())
      const sender = go(ch.send(1))
      const hit = yield* select({ one: ch.receive(), other: ch.next() })
      yield* sender
      expectNobodyWaits(ch)
      return hit.case
    })
    expect(answers).toEqual(["one", "other"])
    expect(schedules).toBe(6)
  })

  it("serves who waits on one channel in the order in which they came, selects among them", async () => {
    const { schedules } = await everySchedule(function* () {
      const [ch, other] = [sound(chan<number>()), sound(chan<number>())]
      const waiting: Array<Goroutine<unknown>> = []
      for (const op of [ch.receive(), select({ ch: ch.receive(), other: other.receive() }), ch.receive()]) {
        waiting.push(go(op as Op<unknown>))
        yield* waitIdle()
      }
      const sender = go(function* () {
        for (const value of [1, 2, 3]) yield* ch.send(value)
      })
      expect([yield* waiting[0]!, yield* waiting[1]!, yield* waiting[2]!]).toEqual([1, { case: "ch", value: 2 }, 3])
      yield* sender
      expectNobodyWaits(ch, other)
    })
    expect(schedules).toBe(16)
  })

  it("may be committed again and by several at a time", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const [a, b] = [sound(chan<number>()), sound(chan<number>())]
      const op = select({ a: a.receive(), b: b.receive() })
      const receiving = [0, 1].map(() =>
        go(function* () {
          return (yield* op).case
        }),
      )
      const senders = [go(a.send(1)), go(b.send(2))]
      const cases = [yield* receiving[0]!, yield* receiving[1]!]
      for (const sender of senders) yield* sender
      expectNobodyWaits(a, b)
      go(a.send(3))
      expect(yield* op).toEqual({ case: "a", value: 3 })
      return cases.join()
    })
    expect(answers).toEqual(["a,b", "b,a"])
    expect(schedules).toBe(2560)
  })

  it("waits for ever without cases, and can be cancelled", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const victim = go(select({}))
      yield* atEveryStep(victim)
      return victim.status
    })
    expect(answers).toEqual(["done"])
    expect(schedules).toBe(6)
  })
})

describe("select.ordered", () => {
  it("takes the first that is ready, and any that becomes ready first", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const [a, b] = [sound(chan<number>(1)), sound(chan<number>(1))]
      let ready = ""
      const senders = [go(a.send(1)), go(b.send(2))]
      const selecting = go(function* () {
        yield* gosched()
        ready = `${a.length}${b.length}`
        return (yield* select.ordered({ a: a.receive(), b: b.receive() })).case
      })
      for (const sender of senders) yield* sender
      const taken = yield* selecting
      // Between the look and the select others may have run.
      if (ready === "10" || ready === "11") expect(taken).toBe("a")
      expectNobodyWaits(a, b)
      return `${ready} ${taken}`
    })
    expect(answers).toEqual(["00 a", "00 b", "01 a", "01 b", "10 a", "11 a"])
    expect(schedules).toBe(52)
  })
})

describe("select, when a channel is closed,", () => {
  it("gets the end, or the value that was sent before", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const [a, b] = [sound(chan<number>()), sound(chan<number>())]
      const sender = go(a.send(1))
      const closer = go(function* () {
        b.close()
      })
      const hit = yield* select({ a: a.next(), b: b.next() })
      yield* closer
      yield* endAll(sender)
      expectNobodyWaits(a, b)
      return `${hit.case} ${hit.value.value}`
    })
    expect(answers).toEqual(["a 1", "b undefined"])
    expect(schedules).toBe(27)
  })

  it("panics in a send with the value given back, or has sent before", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const [a, b] = [sound(chan<number>()), sound(chan<number>())]
      const receiver = go(b.receive())
      const closer = go(function* () {
        a.close()
      })
      const error = yield* thrownBy(select({ a: a.send(1), b: b.send(2) }))
      yield* closer
      yield* endAll(receiver)
      expectNobodyWaits(a, b)
      return error === undefined ? "sent" : `${(error as Error).name} ${(error as { value: unknown }).value as number}`
    })
    expect(answers).toEqual(["ChannelClosed 1", "sent"])
    expect(schedules).toBe(27)
  })

  it("takes the end of a channel to which it would send as well, once it waits; before, either", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const ch = sound(chan<number>(), true)
      const closer = go(function* () {
        ch.close()
      })
      const error = yield* thrownBy(select({ out: ch.send(1), in: ch.next() }))
      yield* closer
      expectNobodyWaits(ch)
      return error === undefined ? "in" : (error as Error).name
    })
    expect(answers).toEqual(["ChannelClosed", "in"])
    expect(schedules).toBe(4)
  })

  it("is over once, however many of its cases and of others' wait on that channel", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const [ch, other] = [sound(chan<number>()), sound(chan<number>())]
      const selecting = [0, 1].map(() =>
        go(select({ one: ch.next(), two: ch.next(), nested: select({ ch: ch.next(), other: other.next() }) })),
      )
      const closer = go(function* () {
        ch.close()
      })
      yield* closer
      const cases = [(yield* selecting[0]!).case, (yield* selecting[1]!).case]
      expectNobodyWaits(ch, other)
      return cases.includes("nested") ? "nested" : "plain"
    })
    expect(answers).toEqual(["nested", "plain"])
    expect(schedules).toBe(3264)
  })
})

describe("a nested select", () => {
  it("takes one of all the cases, and leaves nobody on the others", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const [a, b, c] = [sound(chan<number>()), sound(chan<number>()), sound(chan<number>())]
      const ledger = new Ledger()
      const senders = [a, b, c].map((ch, i) =>
        go(function* () {
          yield* ledger.send(ch, i)
        }),
      )
      const hit = yield* select({ nested: select({ a: a.receive(), b: b.receive() }), c: c.receive() })
      ledger.got(hit.case === "c" ? hit.value! : hit.value.value!)
      yield* endAll(...senders)
      ledger.check(a, b, c)
      return hit.case === "c" ? "c" : hit.value.case
    })
    expect(answers).toEqual(["a", "b", "c"])
    expect(schedules).toBe(175)
  })

  it("meets another on a channel that only the two of them have in common", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const [a, b, both] = [sound(chan<number>()), sound(chan<number>()), sound(chan<number>())]
      const first = go(select({ nested: select({ a: a.receive(), both: both.send(1) }), b: b.receive() }))
      const second = go(select({ nested: select({ both: both.receive(), a: b.receive() }), b: a.receive() }))
      const hits = [yield* first, yield* second]
      expectNobodyWaits(a, b, both)
      return hits.map((hit) => (hit.case === "nested" ? hit.value.case : hit.case)).join()
    })
    expect(answers).toEqual(["both,both"])
    expect(schedules).toBe(96)
  })
})

describe("select, at one instant,", () => {
  it("is late before anybody can run who wakes at that instant, and loses no value by that", async () => {
    const { answers, schedules } = await everySchedule(lateAndValue(receiveOf))
    expect(answers).toEqual(["late"])
    expect(schedules).toBe(4)
  })

  it("takes the value or is late where a clock races: timers of one instant need not fire together", async () => {
    const { answers, schedules } = await everySchedule(lateAndValue(receiveOf), { shares: "ops", clock: "races" })
    expect(answers).toEqual(["late", "value"])
    expect(schedules).toBe(44)
  })

  it("takes either of two times, and the other is still to be received", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const late = after(10)
      const timers = [late, after(10)] as const
      const hit = yield* select({ one: timers[0].receive(), other: timers[1].receive() })
      const lost = timers[hit.case === "one" ? 1 : 0]
      expect((yield* lost.receive())?.getTime()).toBe(hit.value?.getTime())
      expect(currentProcessor().timers.size).toBe(0)
      return hit.case
    })
    expect(answers).toEqual(["one", "other"])
    expect(schedules).toBe(4)
  })

  it("sees its context's deadline before who wakes at that instant cancels or sends", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const ch = sound(chan<number>())
      const [ctx, cancel] = context.withTimeout(context.background, 10)
      const ledger = new Ledger()
      const sender = go(function* () {
        yield* sleep(10)
        yield* ledger.send(ch, 1)
      })
      const canceller = go(function* () {
        yield* sleep(10)
        cancel()
      })
      const hit = yield* select({ value: ch.receive(), done: ctx.done })
      if (hit.case === "value") ledger.got(hit.value!)
      yield* canceller
      yield* endAll(sender)
      ledger.check(ch)
      expect(currentProcessor().timers.size).toBe(0)
      return `${hit.case} ${ctx.err?.name}`
    })
    expect(answers).toEqual(["done DeadlineExceeded"])
    expect(schedules).toBe(1944)
  })

  it("sees its context cancelled, or takes what is sent meanwhile", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const ch = sound(chan<number>())
      const [ctx, cancel] = context.withCancel(context.background)
      const ledger = new Ledger()
      const sender = go(function* () {
        yield* ledger.send(ch, 1)
      })
      const canceller = go(function* () {
        cancel()
      })
      const hit = yield* select({ value: ch.receive(), done: ctx.done })
      if (hit.case === "value") ledger.got(hit.value!)
      yield* canceller
      yield* endAll(sender)
      ledger.check(ch)
      return hit.case
    })
    expect(answers).toEqual(["done", "value"])
    expect(schedules).toBe(61)
  })

  it("joins a goroutine or takes a value, and leaves no joiner", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const ch = sound(chan<number>())
      const ending = go(gosched())
      const sender = go(ch.send(1))
      const hit = yield* select({ value: ch.receive(), joined: ending.join() })
      expect(joinersOf(ending)).toBe(0)
      yield* endAll(sender)
      expectNobodyWaits(ch)
      return hit.case
    })
    expect(answers).toEqual(["joined", "value"])
    expect(schedules).toBe(22)
  })
})

describe("select, interrupted at every step,", () => {
  it("has sent, or received, or neither: unbuffered", async () => {
    const { answers, schedules } = await everySchedule(cancelled(() => chan()))
    expect(answers).toEqual(["sent [1] received [1]", "sent [2] received [2]", "sent [] received []"])
    expect(schedules).toBe(156)
  })

  it("has sent, or received, or neither: buffered", async () => {
    const { answers, schedules } = await everySchedule(cancelled(() => chan(1)))
    expect(answers).toEqual(["sent [1,2] received [1,2]", "sent [2] received [2]"])
    expect(schedules).toBe(114)
  })

  it("has sent, or received, or neither: a sliding buffer", async () => {
    const { answers, schedules } = await everySchedule(cancelled(() => chan(buffer.sliding(1))))
    expect(answers).toEqual(["sent [1,2] received [1,2]", "sent [2] received [2]"])
    expect(schedules).toBe(114)
  })

  it("gives back what each of two nested cases would have sent", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const [a, b] = [sound(chan<number>()), sound(chan<number>())]
      const ledger = new Ledger()
      const victim = go(function* () {
        ledger.offer(1)
        ledger.offer(2)
        const hit = yield* select({ a: a.send(1), nested: select({ b: b.send(2) }) })
        ledger.accepted(hit.case === "a" ? 1 : 2)
      })
      const receivers = [a, b].map((ch) =>
        go(function* () {
          yield* ledger.receive(ch)
        }),
      )
      yield* atEveryStep(victim, ...receivers)
      ledger.check(a, b)
      return ledger.summary
    })
    expect(answers).toEqual(["sent [1] received [1]", "sent [2] received [2]", "sent [] received []"])
    expect(schedules).toBe(156)
  })

  it("has sent, or received, or neither: in an Effect", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const [a, b] = [sound(chan<number>()), sound(chan<number>())]
      const ledger = new Ledger()
      ledger.offer(1)
      const victim = go(
        Effect.map(select({ in: a.receive(), out: b.send(1) }), (hit) =>
          hit.case === "out" ? ledger.accepted(1) : ledger.got(hit.value!),
        ),
      )
      const sender = go(function* () {
        yield* ledger.send(a, 2)
      })
      const receiver = go(function* () {
        yield* ledger.receive(b)
      })
      const canceller = go(function* () {
        victim.interrupt()
      })
      yield* canceller
      yield* thrownBy(victim.join())
      yield* endAll(sender, receiver)
      ledger.check(a, b)
      return ledger.summary
    })
    expect(answers).toEqual(["sent [1] received [1]", "sent [2] received [2]", "sent [] received []"])
    expect(schedules).toBe(2910)
  })
})

/** A select among whose cases one runs code as it is enqueued: an Effect, which may do what another case waits for. */
describe("select with an Effect among its cases", () => {
  it("takes the value of another case that this very Effect sends, or the Effect's own", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const ch = sound(chan<number>())
      const hit = yield* select({ value: ch.receive(), effect: Op.fromEffect(ch.send(1)) })
      expectNobodyWaits(ch)
      return hit.case
    })
    expect(answers).toEqual(["value"])
    expect(schedules).toBe(2)
  })

  it("interrupts the Effect where another case is taken, and loses nothing by that", async () => {
    const { answers, schedules } = await everySchedule(function* () {
      const [a, b] = [sound(chan<number>()), sound(chan<number>())]
      const ledger = new Ledger()
      const effect = Effect.map(a.take(), (value) => ledger.got(value))
      const senders = [a, b].map((ch, i) =>
        go(function* () {
          yield* ledger.send(ch, i)
        }),
      )
      const hit = yield* select({ effect: Op.fromEffect(effect), value: b.receive() })
      if (hit.case === "value") ledger.got(hit.value!)
      for (const sender of senders) {
        sender.interrupt()
        yield* thrownBy(sender.join())
      }
      ledger.check(a, b)
      return `${hit.case}: ${ledger.summary}`
    })
    expect(answers).toEqual(["effect: sent [0] received [0]", "value: sent [1] received [1]"])
    expect(schedules).toBe(296)
  })
})

/** A receive whose withdrawal forgets to leave the list. */
const clinging: ReceiveOf = (ch) => protocolOf(ch, { dequeue: () => undefined })

/** A receive that takes a value already as it is polled in vain, for later. */
function hoarding(ch: Channel<number>): Op<number | undefined> {
  let kept: number | typeof NotReady = NotReady
  return protocolOf(ch, {
    poll: () => {
      const taken = kept
      kept = ch.receive().poll() as number
      return taken
    },
  })
}

/** A send that is withdrawn and leaves its value there. */
const insistent: SendTo = (ch, value) => {
  const sane = ch.send(value)
  return Op.make<void>({
    name: "broken send",
    poll: () => sane.poll() as undefined,
    enqueue: (waiter) => sane.enqueue(waiter),
    dequeue: () => undefined,
  })
}

/** A receive that a test may break. */
function protocolOf(ch: Channel<number>, broken: Partial<OpProtocol<number | undefined>>): Op<number | undefined> {
  const sane = ch.receive()
  return Op.make<number | undefined>({
    name: "broken receive",
    poll: () => sane.poll() as number,
    enqueue: (waiter) => sane.enqueue(waiter),
    dequeue: (waiter) => sane.dequeue(waiter),
    ...broken,
  })
}

describe("a search finds, in a select, a receive", () => {
  it.each([
    ["that stays in the list", leavesNobody(clinging, sendTo)],
    ["that takes a value without being taken", oneOfTwo(() => chan(1), hoarding)],
    ["beside a send that leaves its value there", leavesNobody(receiveOf, insistent)],
  ] as const)("%s", async (_, program) => {
    expect(await plantedBug(program)).toBe("AssertionError")
  })
})
