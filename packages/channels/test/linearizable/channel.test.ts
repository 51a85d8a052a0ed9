/** Every kind of channel is linearizable, under many schedules; one that is not what it should be is found. */
import { chan, type Channel, select } from "@weft/channels"
import { currentProcessor, go, gosched, run, sleep } from "@weft/core"
import { linearizable, type Operation, recordHistory, seeded, Thrown, virtualTime } from "@weft/core/testing"
import { describe, expect, it } from "vitest"
import { seedsFor } from "../../../core/test/support/soak.ts"
import { kinds, planted } from "../support/channel-kinds.ts"
import {
  type ChannelCall,
  channelModel,
  type ChannelResult,
  type PairCall,
  pairModel,
} from "../support/channel-model.ts"
import { traffic } from "../support/channel-traffic.ts"

const seeds = seedsFor(400)

describe.each(kinds)("a channel (%s)", (_, make, model) => {
  it("is linearizable as if what was cancelled had never been called", async () => {
    const seen = new Set<string>()
    for (const seed of seeds) {
      const history = await traffic(make, seed)
      const returned = history.filter((operation) => operation.returned !== undefined)
      // Stronger than to let the pending ones take effect or not, which is checked only to see that it is weaker.
      linearizable.check(model, returned)
      if (returned.length < history.length) linearizable.check(model, history)
      for (const { call, result, returned } of history)
        seen.add(`${call[0]} ${returned === undefined ? "pending" : result instanceof Thrown ? "throws" : "returns"}`)
    }
    for (const name of ["send", "receive", "next", "trySend", "tryReceive", "select", "close"])
      expect(seen).toContain(`${name} returns`)
    for (const name of ["send", "trySend", "select", "close"]) expect(seen).toContain(`${name} throws`)
    for (const name of ["receive", "next"]) expect(seen).toContain(`${name} pending`)
  })
})

describe.each(planted)("a channel %s", (_, make, model) => {
  it("is found not to be linearizable, whatever the cancelled operations did", async () => {
    let found = 0
    for (const seed of seeds) {
      const verdict = linearizable(model, await traffic(make, seed))
      if (!verdict.ok) found++
    }
    expect(found).toBeGreaterThan(0)
  })
})

describe("a select over two channels", () => {
  it("takes one case and nothing of the other", async () => {
    for (const seed of seeds) {
      const capacities = [seed % 2, (seed >> 1) % 3] as const
      const history = await relay(chan(capacities[0]), chan(capacities[1]), seed)
      const model = pairModel(channelModel(capacities[0], "wait"), channelModel(capacities[1], "wait"))
      linearizable.check(
        model,
        history.filter(({ returned }) => returned !== undefined),
      )
    }
  })
})

/** Senders to the first, receivers from the second, and between them selects that receive from the one or send to the other. */
async function relay(
  first: Channel<number>,
  second: Channel<number>,
  seed: number,
): Promise<ReadonlyArray<Operation<PairCall, ChannelResult>>> {
  const history = recordHistory<PairCall, ChannelResult>()
  await run(
    function* () {
      const on = (which: "first" | "second", call: ChannelCall): PairCall => [which, call]
      go.named("sender", function* () {
        for (let i = 1; i < 5; i++) yield* history.op(on("first", ["send", i]), first.send(i))
        history.call(on("first", ["close"]), () => first.close())
      })
      go.named("receiver", function* () {
        for (let i = 0; i < 4; i++) yield* history.op(on("second", ["next"]), second.next())
      })
      const relays = ["relay", "relay"].map((name, n) =>
        go.named(name, function* () {
          for (let i = 0; i < 4; i++) {
            const value = 10 * (n + 1) + i
            yield* history.op(["either", value], select({ in: first.next(), out: second.send(value) }))
          }
        }),
      )
      const { scheduler } = currentProcessor()
      for (let i = scheduler.choose(9); i > 0; i--) yield* gosched()
      relays[scheduler.choose(2)]!.interrupt()
      yield* sleep(1)
    },
    { plugins: [seeded(seed), virtualTime()] },
  )
  return [...history]
}
