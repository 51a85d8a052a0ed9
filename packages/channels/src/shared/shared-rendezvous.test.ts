import {
  currentProcessor,
  go,
  type Goroutine,
  gosched,
  never,
  type Op,
  type Processor,
  run,
  scope,
  sleep,
  Waiter,
} from "@weft/core"
import { Effect, Fiber } from "effect"
import { describe, expect, it } from "vitest"
import { parked, untilWaiting } from "../../../core/test/support/idle.ts"
import { thrownBy } from "../../../core/test/support/thrown-by.ts"
import { chan } from "../chan.ts"
import { ChannelClosed } from "../closed.ts"
import { select, trySelect } from "../select.ts"
import type { Codec } from "./codec.ts"
import { SeveralOffers } from "./several-offers.ts"
import { codec, sharedChan } from "./shared-chan.ts"

const rendezvous = () => sharedChan(codec.f64, 0)

/** Objects on the same memory, as two threads have them. */
function both() {
  const here = rendezvous()
  return [here, sharedChan.from(codec.f64, here.share())] as const
}

/** What is left of a select that another case has ended. */
class Over extends Waiter {
  readonly processor: Processor = currentProcessor()

  override mayCommit(): boolean {
    return false
  }
  commit(): boolean {
    return false
  }
  fail(): void {}
}

describe("a shared channel of capacity 0", () => {
  it("ends a send when its value has been received, and buffers nothing", () =>
    run(function* () {
      const [here, there] = both()
      const sender = yield* parked(
        go(function* () {
          yield* here.send(1)
          return "sent"
        }),
      )
      expect([sender.status, here.length, here.capacity]).toEqual(["waiting", 0, 0])
      expect(yield* there.receive()).toBe(1)
      expect(yield* sender).toBe("sent")
    }))

  it("hands over in the order in which senders came, more of them than can offer at a time", () =>
    run(function* () {
      const [here, there] = both()
      const senders: Array<Goroutine<void>> = []
      for (let i = 0; i < 20; i++) senders.push(yield* parked(go(here.send(i))))
      const received: Array<number | undefined> = []
      for (let i = 0; i < 20; i++) received.push(yield* there.receive())
      expect(received).toEqual(Array.from({ length: 20 }, (_, i) => i))
      for (const sender of senders) yield* sender
    }))

  it("serves a receiver that waits, of this thread at once", () =>
    run(function* () {
      const [here, there] = both()
      expect([here.trySend(0), here.tryReceive()]).toEqual([false, undefined])
      const receiver = yield* parked(go(here.receive()))
      const other = yield* parked(go(there.receive()))
      expect(here.trySend(1)).toBe(true)
      yield* here.send(2)
      expect([yield* receiver, yield* other]).toEqual([1, 2])
    }))

  it("takes back what it tried to send to a receiver whose wait is over", () =>
    run(function* () {
      const [here, there] = both()
      here.enqueueReceiver(new Over())
      expect(here.trySend(1)).toBe(false)
      expect([there.tryReceive(), here.tryReceive()]).toEqual([undefined, undefined])
    }))

  it("polls what is offered", () =>
    run(function* () {
      const [here, there] = both()
      const sender = yield* parked(go(here.send(1)))
      expect([there.tryReceive(), there.tryReceive()]).toEqual([{ ok: true, value: 1 }, undefined])
      yield* sender
    }))

  it("takes back what was not received, by goroutine, fiber and promise, and is free for others", () =>
    run(function* () {
      const [here, there] = both()
      for (let round = 0; round < 10; round++) {
        const goroutine = go(here.send(1))
        const fiber = yield* Effect.forkChild(here.send(2), { startImmediately: true })
        const abort = new AbortController()
        const promise = here.send(3).promise(abort.signal)
        yield* untilWaiting(goroutine)
        goroutine.interrupt()
        yield* Fiber.interrupt(fiber)
        abort.abort()
        yield* Effect.promise(() => expect(promise).rejects.toThrow())
        expect(there.tryReceive()).toBeUndefined()
      }
      const sender = go(here.send(4))
      expect(yield* there.receive()).toBe(4)
      yield* sender
    }))

  it("ends for receivers and panics for senders, with their values, once closed", () =>
    run(function* () {
      const [here, there] = both()
      const sender = go(function* () {
        try {
          yield* here.send(7)
        } catch (error) {
          return error
        }
        return undefined
      })
      yield* untilWaiting(sender)
      there.close()
      expect(yield* sender).toMatchObject({ name: "ChannelClosed", value: 7 })
      expect([yield* here.receive(), yield* there.next()]).toEqual([undefined, { ok: false, value: undefined }])
      expect(() => here.trySend(1)).toThrow(ChannelClosed)
    }))

  it("tells a sender that waits for a slot when a receiver has found but withdrawn offers", () =>
    run(function* () {
      const [here, there] = both()
      const offers: Array<Goroutine<void>> = []
      for (let i = 0; i < 8; i++) offers.push(yield* parked(go(here.send(i))))
      for (const offer of offers.slice(1)) offer.interrupt()
      yield* gosched()
      expect(there.tryReceive()).toEqual({ ok: true, value: 0 })
      yield* sleep(1)
      const sender = go(here.send(8))
      yield* gosched()
      expect(yield* there.receive()).toBe(8)
      yield* sender
    }))

  it("moves many, one at a time", () =>
    run(function* () {
      const [here, there] = both()
      const sender = go(function* () {
        yield* here.sendAll([1, 2, 3, 4, 5])
        here.close()
      })
      const received: Array<number> = []
      for (let some = yield* there.receiveUpTo(3); some.length > 0; some = yield* there.receiveUpTo(3))
        received.push(...some)
      expect(received).toEqual([1, 2, 3, 4, 5])
      yield* sender
    }))

  describe("in a select", () => {
    it("sends, or takes another case, and never both", () =>
      run(function* () {
        const [here, there] = both()
        const local = chan<string>()
        for (let i = 0; i < 20; i++) {
          const selecting = go(function* () {
            return yield* select({ sent: here.send(i), local: local.receive() })
          })
          yield* untilWaiting(selecting)
          if (i % 2 === 0) {
            yield* local.send("local")
            expect([yield* selecting, there.tryReceive()]).toEqual([{ case: "local", value: "local" }, undefined])
          } else {
            expect(yield* there.receive()).toBe(i)
            expect((yield* selecting).case).toBe("sent")
            expect(local.trySend("")).toBe(false)
          }
        }
      }))

    it("refuses a local sender whose receiver has sent already, on another thread", () =>
      run(function* () {
        const [here, there] = both()
        const local = chan<string>()
        const selecting = go(function* () {
          return yield* select({ sent: here.send(1), local: local.receive() })
        })
        yield* untilWaiting(selecting)
        // Taken by another thread, and this one has not been told yet.
        expect(there.tryReceive()).toEqual({ ok: true, value: 1 })
        expect(local.trySend("too late")).toBe(false)
        expect((yield* selecting).case).toBe("sent")
      }))

    it("goes on offering where there was nothing to receive after all", () =>
      run(function* () {
        const [offering, receiving] = both()
        let meanwhile = (): void => undefined
        const watched: Codec<number> = {
          ...codec.f64,
          write(memory, at, encoded) {
            meanwhile()
            codec.f64.write(memory, at, encoded)
          },
        }
        const here = sharedChan(codec.f64, 2)
        const there = sharedChan.from(watched, here.share())
        const selecting = yield* parked(go(select({ sent: offering.send(1), got: here.receive() })))
        meanwhile = () => {
          // Tells those who receive, while the value in front of it is not there yet.
          expect(here.trySend(3)).toBe(true)
          expect(receiving.tryReceive()).toEqual({ ok: true, value: 1 })
        }
        expect(there.trySend(2)).toBe(true)
        expect((yield* selecting).case).toBe("sent")
        expect([here.tryReceive(), here.tryReceive()]).toMatchObject([{ value: 2 }, { value: 3 }])
      }))

    it("sends from a select in a select, too", () =>
      run(function* () {
        const [here, there] = both()
        const [inner, outer] = [chan<number>(), chan<number>()]
        const start = () =>
          go(function* () {
            const hit = yield* select({
              nested: select({ sent: here.send(1), inner: inner.receive() }),
              outer: outer.receive(),
            })
            return hit.case === "nested" ? hit.value.case : hit.case
          })
        const outcomes: Array<string> = []
        for (const act of [
          () => there.tryReceive() !== undefined,
          () => inner.trySend(1),
          () => outer.trySend(1),
          () => there.tryReceive() !== undefined && !inner.trySend(1) && !outer.trySend(1),
        ]) {
          const selecting = yield* parked(start())
          expect(act()).toBe(true)
          outcomes.push(yield* selecting)
          expect(there.tryReceive()).toBeUndefined()
        }
        expect(outcomes).toEqual(["sent", "inner", "outer", "sent"])
      }))

    it("exchanges between two that both send and receive: one value goes over", () =>
      run(function* () {
        const [a, b] = [both(), both()]
        for (let i = 0; i < 50; i++) {
          const one = go(function* () {
            return yield* select({ sent: a[0].send(1), got: b[0].receive() })
          })
          const two = go(function* () {
            return yield* select({ sent: b[1].send(2), got: a[1].receive() })
          })
          const hits = [yield* one, yield* two]
          expect(hits.map((hit) => hit.case).toSorted()).toEqual(["got", "sent"])
          expect(hits.find((hit) => hit.case === "got")?.value).toBe(hits[0]!.case === "got" ? 2 : 1)
        }
      }))

    it("sends beside cases that begin work when they wait, and takes its offer back for them", () =>
      run(function* () {
        const [here, there] = both()
        const ready = chan<number>(1)
        // Enqueued last, as they run code: the second one finds the first one's value.
        const filling = () =>
          scope(function* () {
            yield* ready.send(1)
            yield* never
          })
        const hit = yield* select({ sent: here.send(1), filling: filling(), nested: select({ got: ready.receive() }) })
        expect([hit, there.tryReceive()]).toEqual([{ case: "nested", value: { case: "got", value: 1 } }, undefined])

        const selecting = go(function* () {
          return yield* select({
            sent: here.send(2),
            one: scope(function* () {
              yield* never
            }),
            nested: select({ got: ready.receive() }),
          })
        })
        yield* sleep(1)
        expect([yield* there.receive(), (yield* selecting).case]).toEqual([2, "sent"])
      }))

    it("gives up after a while", () =>
      run(function* () {
        const [here, there] = both()
        expect((yield* select({ sent: here.send(1), late: sleep(5) })).case).toBe("late")
        expect(trySelect({ sent: here.send(1) })).toBeUndefined()
        expect(there.tryReceive()).toBeUndefined()
      }))

    it("never meets itself, where it sends and receives on one channel", () =>
      run(function* () {
        const [here, there] = both()
        for (const other of [here, there]) {
          const cases = (late = 3_600_000) => ({ sent: here.send(1), got: other.receive(), late: sleep(late) })
          expect((yield* select(cases(5))).case).toBe("late")
          // Another one offers behind it, or receives.
          const selecting = yield* parked(go(select(cases())))
          yield* there.send(2)
          expect(yield* selecting).toEqual({ case: "got", value: 2 })
          const again = yield* parked(go(select(cases())))
          expect(yield* there.receive()).toBe(1)
          expect((yield* again).case).toBe("sent")
        }
      }))

    it("goes over from one to another that both send and receive on one channel", () =>
      run(function* () {
        const [here, there] = both()
        for (let i = 0; i < 20; i++) {
          const both = [here, there].map((ch, k) =>
            go(function* () {
              return yield* select({ sent: ch.send(k), got: ch.receive() })
            }),
          )
          const hits = [yield* both[0]!, yield* both[1]!]
          expect(hits.map((hit) => hit.case).toSorted()).toEqual(["got", "sent"])
        }
      }))

    it("refuses a second send to one", () =>
      run(function* () {
        const [one, other] = [rendezvous(), rendezvous()]
        const thrown = yield* thrownBy(select({ late: sleep(5), one: one.send(1), other: other.send(2) }))
        expect(thrown).toBeInstanceOf(SeveralOffers)
        expect(thrown).toMatchObject({
          message:
            'channels: a select with a second send to a shared channel of capacity 0, a shared channel of f64: cases "one" and "other"; give one of them a capacity, or select in two goroutines',
          fields: { channel: "a shared channel of f64", cases: ["one", "other"] },
        })
        expect([one.tryReceive(), other.tryReceive()]).toEqual([undefined, undefined])
      }))

    it("names the two cases in the select that both belong to, of those in one another", () =>
      run(function* () {
        const [one, other] = [rendezvous(), rendezvous()]
        const sends = () => ({ one: one.send(1), other: other.send(2).map(() => 2) })
        const casesOf = function* (wait: Op<unknown, unknown>) {
          return ((yield* thrownBy(wait)) as SeveralOffers).fields.cases
        }
        for (let i = 0; i < 20; i++) {
          expect(yield* casesOf(select({ quiet: sleep(5), inner: select(sends()) }))).toEqual(["one", "other"])
          const apart = select({
            alone: one.send(1),
            more: select.ordered({ late: sleep(5), deep: select({ other: other.send(2) }) }),
          })
          expect(yield* casesOf(apart)).toEqual(["alone", "more"])
        }
        expect([one.tryReceive(), other.tryReceive()]).toEqual([undefined, undefined])
      }))
  })
})
