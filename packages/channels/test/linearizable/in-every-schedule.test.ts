/** Every kind of channel is linearizable in every schedule of small programs; one that is not what it should be is found. */
import { type Channel, select } from "@weft/channels"
import { go } from "@weft/core"
import { explore, type History, linearizable, recordHistory, waitIdle } from "@weft/core/testing"
import { describe, expect, it } from "vitest"
import { endAll } from "../support/at-every-step.ts"
import { kinds, planted } from "../support/channel-kinds.ts"
import type { ChannelCall, ChannelModel, ChannelResult } from "../support/channel-model.ts"
import type { Program } from "../support/every-schedule.ts"

type Recorded = History<ChannelCall, ChannelResult>

/** What each goroutine does, one after the other. "interrupt" ends the first. */
type Script = ReadonlyArray<ReadonlyArray<ChannelCall | readonly ["interrupt"]>>

const scripts: Readonly<Record<string, Script>> = {
  "two senders and two receivers": [[["send", 1]], [["send", 2]], [["next"]], [["receive"]]],
  "one sender and one receiver of three values": [
    [
      ["send", 1],
      ["send", 2],
      ["send", 3],
    ],
    [["next"], ["next"]],
  ],
  "a close among sends and receives": [
    [
      ["send", 1],
      ["send", 2],
    ],
    [["next"], ["next"]],
    [["close"]],
  ],
  "two closes": [[["send", 1], ["close"]], [["close"]], [["next"]]],
  "who tries": [
    [
      ["trySend", 1],
      ["send", 2],
    ],
    [["tryReceive"], ["next"]],
  ],
  "two selects on one channel": [[["select", 1]], [["select", 2]], [["send", 3]]],
  "a sender that is interrupted": [
    [
      ["send", 1],
      ["send", 2],
    ],
    [["send", 3], ["next"]],
    [["interrupt"]],
  ],
  "a receiver that is interrupted": [
    [["next"], ["next"]],
    [
      ["send", 1],
      ["send", 2],
    ],
    [["interrupt"]],
  ],
  "a select that is interrupted": [[["select", 1]], [["send", 2]], [["interrupt"]]],
}

function* perform(ch: Channel<number>, history: Recorded, call: ChannelCall) {
  switch (call[0]) {
    case "send":
      return yield* history.op(call, ch.send(call[1]))
    case "receive":
      return yield* history.op(call, ch.receive())
    case "next":
      return yield* history.op(call, ch.next())
    case "select":
      return yield* history.op(call, select({ in: ch.next(), out: ch.send(call[1]) }))
    case "trySend":
      return history.call(call, () => ch.trySend(call[1]))
    case "tryReceive":
      return history.call(call, () => ch.tryReceive())
    case "close":
      return history.call(call, () => ch.close())
  }
}

/** Runs the script; what is left at the end is received, too, so that nothing can have got lost. */
const following = (script: Script, make: () => Channel<number>, model: ChannelModel): Program<void> =>
  function* () {
    const ch = make()
    const history: Recorded = recordHistory()
    const clients = script.map((calls, i) =>
      go.named(String.fromCharCode(97 + i), function* () {
        for (const call of calls) {
          if (call[0] === "interrupt") clients[0]!.interrupt()
          else {
            try {
              yield* perform(ch, history, call)
            } catch {
              // Recorded: a send on a closed channel.
            }
          }
        }
      }),
    )
    yield* waitIdle()
    yield* endAll(...clients)
    for (let i = 0; i < 4; i++) history.call(["tryReceive"], () => ch.tryReceive())
    // As if what was cancelled had never been called.
    linearizable.check(
      model,
      [...history].filter(({ returned }) => returned !== undefined),
    )
  }

/** How many schedules the scripts have, for each kind of channel. */
const neverFull = [2840, 39, 152, 34, 7, 360, 200, 200, 72]
const numbersOf: Readonly<Record<string, ReadonlyArray<number>>> = {
  unbuffered: [3008, 8, 160, 38, 6, 240, 36, 108, 68],
  "capacity 1": [3044, 33, 170, 34, 8, 336, 144, 194, 72],
  "capacity 2": [2840, 42, 152, 34, 7, 360, 216, 200, 72],
  "sliding 1": neverFull,
  "sliding 2": neverFull,
  "dropping 2": neverFull,
  unbounded: neverFull,
}

describe.each(kinds)("a channel (%s)", (name, make, model) => {
  it("is linearizable in every schedule, as if what was cancelled had never been called", async () => {
    const numbers: Array<number> = []
    for (const script of Object.values(scripts)) {
      const { schedules } = await explore.check({}, following(script, make, model))
      numbers.push(schedules)
    }
    expect(numbers).toEqual(numbersOf[name])
  })
})

describe.each(planted)("a channel %s", (_, make, model) => {
  it("is found by one of these programs", async () => {
    let found = 0
    for (const script of Object.values(scripts)) {
      const program = following(script, make, model)
      const { failure } = await explore({}, program)
      if (failure === undefined) continue
      found++
      expect(failure.error).toHaveProperty("name", "NotLinearizable")
      const again = await explore({ replay: failure.seed }, program)
      expect(again.failure?.error).toHaveProperty("message", (failure.error as Error).message)
    }
    expect(found).toBeGreaterThan(0)
  })
})
