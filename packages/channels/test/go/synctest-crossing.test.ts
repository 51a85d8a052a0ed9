/**
 * Go's internal/synctest, where something crosses the edge of a bubble. In Go most of it panics, as a channel belongs to a bubble; in Weft it
 * belongs to nobody, and works on both sides.
 */
import { after, chan, Timer } from "@weft/channels"
import { currentProcessor, go, hold, run, sleep } from "@weft/core"
import { explore, shadow, synctest, waitIdle } from "@weft/core/testing"
import { describe, expect, it } from "vitest"

const now = (): number => currentProcessor().clock.now()

describe("internal/synctest", () => {
  it("ChannelFromOutsideBubble: who waits inside is woken from outside, and the other way round", async () => {
    const [inward, outward] = [chan<string>(), chan<string>()]
    const inside = synctest(function* () {
      // Its sender is no goroutine of the bubble: only a hold says that one may come.
      using _ = hold()
      yield* outward.send(`${(yield* inward.receive())!}, said inside`)
    })
    const outside = run(function* () {
      yield* inward.send("hello")
      return yield* outward.receive()
    })
    expect(await outside).toBe("hello, said inside")
    await inside
  })

  it("ChannelFromOutsideBubble: two bubbles meet on one, each in its own time", async () => {
    const meeting = chan<number>()
    const sender = synctest(function* () {
      using _ = hold()
      yield* sleep("1 hour")
      yield* meeting.send(now())
    })
    const receiver = synctest(function* () {
      using _ = hold()
      const sent = yield* meeting.receive()
      return [sent, now()]
    })
    await sender
    expect(await receiver).toEqual([3_600_000, 0])
  })

  it("ChannelFromOutsideBubble: without a hold nobody inside can know of the sender: a deadlock, at once", async () => {
    const ch = chan<string>()
    const stuck = synctest(function* () {
      yield* ch.receive()
    })
    await expect(stuck).rejects.toMatchObject({ name: "DeadlockError" })
  })

  it("ChannelMovedOutOfBubble: made inside, it goes on outside: values, length, close", async () => {
    const ch = await synctest(function* () {
      const made = chan<number>(2)
      yield* made.send(1)
      yield* made.send(2)
      return made
    })
    await run(function* () {
      expect(ch.length).toBe(2)
      expect(yield* ch.receive()).toBe(1)
      const receiver = go(function* () {
        return yield* ch.drain()
      })
      yield* ch.send(3)
      ch.close()
      expect(yield* receiver).toEqual([2, 3])
      expect(ch.trySend.bind(ch, 4)).toThrow("send on closed channel")
    })
  })

  it("TimerFromOutsideBubble: one made outside fires by the host's clock, while time inside stands still", async () => {
    const began = performance.now()
    const timer = new Timer(10)
    await synctest(function* () {
      const other = go(sleep("1 hour"))
      yield* timer.receive()
      expect(now()).toBe(0)
      yield* other
      expect(now()).toBe(3_600_000)
    })
    expect(performance.now() - began).toBeGreaterThanOrEqual(9)
    expect(timer.stop()).toBe(false)
  })

  it("TimerFromOutsideBubble: given up inside, it keeps nobody there waiting", async () => {
    const timer = new Timer("1 hour")
    await synctest(function* () {
      const waiting = go(timer.receive())
      yield* sleep(0)
      waiting.interrupt()
      yield* sleep(5)
      expect(now()).toBe(5)
    })
    expect(timer.stop()).toBe(true)
  })

  it("TimerFromInsideBubble: its time ends with the bubble: it fires never more, and may be stopped and reset in vain", async () => {
    const [timer, late, called] = await synctest(function* () {
      const calls: Array<string> = []
      const fired = new Timer(5)
      const pending = new Timer("1 hour")
      new Timer("1 hour", () => calls.push("called"))
      yield* sleep(10)
      return [fired, pending, calls] as const
    })
    // What was due inside is there outside.
    expect(timer.tryReceive()?.value?.getTime()).toBe(Date.UTC(2000, 0, 1) + 5)
    expect(late.tryReceive()).toBeUndefined()
    expect(late.reset(0)).toBe(true)
    expect(late.tryReceive()?.ok).toBe(true)
    expect(late.stop()).toBe(false)
    await run(function* () {
      yield* after(5).receive()
    })
    expect(called).toEqual([])
  })

  it("HappensBefore: a timer is made before its function runs, and that before what follows waitIdle: no data race", () =>
    explore.check({}, function* () {
      const [one, two] = [shadow(0), shadow(0)]
      const gate = chan<void>()
      for (const variable of [one, two]) {
        variable.value++
        new Timer(1, () => {
          variable.value++
        })
        new Timer(2, function* () {
          yield* gate.receive()
        })
      }
      yield* sleep(1)
      yield* waitIdle()
      expect([one, two].map((variable) => variable.value++)).toEqual([2, 2])
      yield* sleep(1)
      yield* waitIdle()
      expect([one, two].map((variable) => variable.value++)).toEqual([3, 3])
      gate.close()
    }))
})
