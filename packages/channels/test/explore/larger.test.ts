/**
 * Larger programs in many schedules, taken by chance: thousands of each at random and as many by PCT in CI, `WEFT_SOAK` times that in a soak.
 *
 * @module-tag long
 */
import {
  batch,
  broadcast,
  buffer,
  chan,
  type Channel,
  filter,
  map,
  merge,
  pipeline,
  select,
  Ticker,
  Timer,
  trySelect,
} from "@weft/channels"
import { currentProcessor, go, sleep } from "@weft/core"
import { explore, linearizable, recordHistory, waitIdle } from "@weft/core/testing"
import { describe, expect, it } from "vitest"
import { byChance } from "../../../core/test/support/soak.ts"
import { Buffered } from "../../src/flavors/buffered.ts"
import { endAll } from "../support/at-every-step.ts"
import { type ChannelCall, channelModel, type ChannelModel, type ChannelResult } from "../support/channel-model.ts"
import { clientsOf } from "../support/channel-traffic.ts"
import type { Program } from "../support/every-schedule.ts"
import { Ledger } from "../support/ledger.ts"
import { ascending } from "../support/numbers.ts"
import { plantedBug } from "../support/planted-bug.ts"
import { expectNobodyWaits, sound } from "../support/sound.ts"

/** How long a search takes is up to its bounds. */
const unhurried = { timeout: 0 }

/** The search's next choice below n. */
const choose = (n: number): number => currentProcessor().scheduler.choose(n)

type Make = () => Channel<number>

/** Senders, receivers of every sort and selects on two channels; some are interrupted, and the channels are closed meanwhile, or not. */
const conveyor = (make: Make): Program<void> =>
  function* () {
    const [a, b] = [sound(make()), sound(make())]
    const ledger = new Ledger()
    const senders = [a, a, b].map((to, i) =>
      go.named("sender", function* () {
        try {
          for (let value = 10 * i; value < 10 * i + 3; value++) yield* ledger.send(to, value)
        } catch {
          // Closed: refused.
        }
      }),
    )
    const receivers = [
      go.named("forEach", function* () {
        yield* a.forEach((value) => ledger.got(value))
      }),
      go.named("next", function* () {
        while (yield* ledger.receive(b));
      }),
      go.named("select", function* () {
        for (let i = 0; i < 3; i++) {
          const hit = yield* select({ a: a.next(), b: b.next() })
          if (hit.value.ok) ledger.got(hit.value.value)
        }
      }),
      go.named("trySelect", function* () {
        for (let i = 0; i < 3; i++) {
          const hit = trySelect({ a: a.next(), b: b.next() })
          if (hit?.value.ok === true) ledger.got(hit.value.value)
          const next = yield* select({ other: b.next(), soon: sleep(0) })
          if (next.case === "other" && next.value.ok) ledger.got(next.value.value)
        }
      }),
      go.named("relay", function* () {
        for (let value = 100; value < 102; value++) {
          ledger.offer(value)
          try {
            const hit = yield* select({ in: a.next(), out: b.send(value) })
            if (hit.case === "out") ledger.accepted(value)
            else if (hit.value.ok) ledger.got(hit.value.value)
          } catch {
            // Closed: refused.
          }
        }
      }),
    ]
    const all = [...senders, ...receivers]
    const meddler = go.named("meddler", function* () {
      for (let i = choose(3); i > 0; i--) {
        all[choose(all.length)]!.interrupt()
        yield* sleep(0)
      }
      if (choose(2) === 0) a.close()
      yield* sleep(0)
      if (choose(2) === 0) b.close()
    })
    yield* waitIdle()
    yield* endAll(...all, meddler)
    ledger.check(a, b)
  }

/** Drops a value where a receiver comes when two senders wait. */
class Leaky extends Buffered<number> {
  override pollReceive(): unknown {
    const { senders } = this
    const value = super.pollReceive()
    if (senders.length === 1) this.ring.shift()
    return value
  }
}

const kinds: ReadonlyArray<readonly [string, Make]> = [
  ["unbuffered", () => chan()],
  ["capacity 2", () => chan(2)],
  ["unbounded", () => chan(buffer.unbounded())],
]

describe.each(kinds)("a conveyor (%s)", unhurried, (_, make) => {
  it.each(byChance(5_000))(
    "loses nothing, whoever is cancelled and whatever is closed ($strategy)",
    async (options) => {
      await explore.check(options, conveyor(make))
    },
  )
})

/** A diamond of flows: every value by two ways, and back together. */
function* diamond() {
  const values = [1, 2, 3]
  const from = sound(chan<number>())
  go.named("source", function* () {
    for (const value of values) yield* from.send(value)
    from.close()
  })
  const told = broadcast(from)
  const odd = map(
    filter(told.subscribe(1), (value) => value % 2 === 1),
    (value) => 10 * value,
  )
  const negative = map(told.subscribe(), (value) => -value)
  const to = sound(chan<number>())
  const working = pipeline(
    2,
    merge(odd, negative),
    function* (value) {
      yield* sleep(0)
      return value
    },
    to,
  )
  const received: Array<number> = []
  yield* to.forEach((value) => received.push(value))
  yield* working
  expect(received.filter((value) => value > 0)).toEqual([10, 30])
  expect(received.filter((value) => value < 0)).toEqual([-1, -2, -3])
  yield* waitIdle()
  expect([odd, negative].map(({ goroutine }) => goroutine.status)).toEqual(["done", "done"])
}

/** The same, stopped by its end at any moment: all of it ends, and its source is left with what it had not given. */
function* stoppedDiamond() {
  const from = sound(chan<number>())
  const sent: Array<number> = []
  const source = go.named("source", function* () {
    for (let value = 1; ; value++) {
      yield* from.send(value)
      sent.push(value)
    }
  })
  const told = broadcast(from)
  const ways = [0, 1].map((capacity) => map(told.subscribe(capacity), (value) => value))
  const both = merge(...ways)
  const received: Array<number> = []
  const most = choose(6)
  for (let i = 0; i < most; i++) received.push((yield* both.receive())!)
  both.stop()
  yield* waitIdle()
  expect(ways.map(({ goroutine }) => goroutine.status)).toEqual(["done", "done"])
  told.stop()
  yield* endAll(source)
  expect(told.goroutine.status).toBe("done")
  expectNobodyWaits(from)
  for (const value of new Set(received)) expect(received.filter((each) => each === value).length).toBeLessThanOrEqual(2)
  expect(ascending([...new Set(received)])).toEqual(sent.slice(0, new Set(received).size))
}

describe("a diamond of flows", unhurried, () => {
  it.each(byChance(3000))("brings every value by both ways, in order ($strategy)", async (options) => {
    await explore.check(options, diamond)
  })

  it.each(byChance(3000))("ends as a whole when its end is stopped ($strategy)", async (options) => {
    await explore.check(options, stoppedDiamond)
  })
})

/** Timers that are stopped, reset and selected on while the clock races; what comes is gathered in batches. */
function* clockwork() {
  const ticks = sound(chan<number>())
  const ticker = new Ticker(10)
  const late = new Timer(35)
  let calls = 0
  const calling = new Timer(20, () => calls++)
  const ticking = go.named("ticking", function* () {
    for (;;) {
      const hit = yield* select({ tick: ticker.receive(), late: late.receive() })
      if (hit.case === "late") break
      yield* ticks.send(hit.value!.getTime())
    }
    ticks.close()
  })
  const stops: Array<boolean> = []
  const meddler = go.named("meddler", function* () {
    if (choose(2) === 0) late.reset(25)
    yield* sleep(15)
    if (choose(2) === 0) ticker.reset(10)
    stops.push(calling.stop())
  })
  const batches = batch(ticks, 2, 12)
  const gathered: Array<number> = []
  yield* batches.forEach((times) => {
    expect(times.length).toBeGreaterThan(0)
    expect(times.length).toBeLessThanOrEqual(2)
    gathered.push(...times)
  })
  yield* ticking
  yield* meddler
  yield* sleep(10)
  yield* waitIdle()
  ticker.stop()
  expect(gathered).toEqual(ascending([...new Set(gathered)]))
  expect(stops).toEqual([calls === 0])
  expect(currentProcessor().timers.size).toBe(0)
}

describe("clockwork", unhurried, () => {
  it.each(byChance(5000))(
    "brings the times in order, and nothing from before a stop or a reset ($strategy)",
    async (options) => {
      await explore.check(options, clockwork)
      await explore.check({ ...options, clock: "races" }, clockwork)
    },
  )
})

/** Whatever two to four clients do, some of whom are cancelled. */
const traffic = (make: Make, model: ChannelModel): Program<void> =>
  function* () {
    const ch = make()
    const history = recordHistory<ChannelCall, ChannelResult>()
    const clients = yield* clientsOf(ch, history)
    yield* waitIdle()
    yield* endAll(...clients)
    linearizable.check(
      model,
      [...history].filter(({ returned }) => returned !== undefined),
    )
    expectNobodyWaits(ch)
  }

describe("the traffic on a channel", unhurried, () => {
  it.each(byChance(5000))("is linearizable ($strategy)", async (options) => {
    await explore.check(
      options,
      traffic(() => chan(), channelModel(0, "wait")),
    )
    await explore.check(
      options,
      traffic(() => chan(2), channelModel(2, "wait")),
    )
  })
})

describe("a search by chance finds", unhurried, () => {
  it.each(byChance(5000))("a channel that loses a value where two senders wait ($strategy)", async (options) => {
    expect(
      await plantedBug(
        conveyor(() => new Leaky(2)),
        options,
      ),
    ).toMatch(/AssertionError|InvariantBroken/)
  })
})
