/** The shared channel's own source is linearizable under the interleavings of its atomic accesses, by the model of every channel. */
import { NotReady } from "@weft/core"
import { explore, type History, linearizable, type Operation, recordHistory, waitIdle } from "@weft/core/testing"
import { describe, expect, it } from "vitest"
import { byChance } from "../../../core/test/support/soak.ts"
import { nextOf } from "../../src/receive.ts"
import { type ChannelCall, channelModel, type ChannelResult } from "../support/channel-model.ts"
import { channels, type OfThread, receiving, type Steps } from "./support.node.ts"

type Recorded = History<ChannelCall, ChannelResult>

/** What each thread does, one after the other. */
type Script = ReadonlyArray<ReadonlyArray<ChannelCall>>

/** One call, as a section of its thread. */
function* performed({ ch, thread }: OfThread, call: ChannelCall): Steps<ChannelResult> {
  switch (call[0]) {
    case "send":
      yield* thread.commit(yield* ch.send(call[1]))
      return undefined
    case "receive":
      return nextOf<number>(yield* thread.commit(receiving(ch))).value
    case "next":
      return nextOf<number>(yield* thread.commit(receiving(ch)))
    case "select": {
      const { index, value } = yield* thread.select(receiving(ch), yield* ch.send(call[1]))
      return index === 0 ? { case: "in", value: nextOf<number>(value) } : { case: "out", value: undefined }
    }
    case "trySend":
      return yield* ch.trySend(call[1])
    case "tryReceive": {
      const raw = yield* ch.pollReceive()
      return raw === NotReady ? undefined : nextOf<number>(raw)
    }
    case "close":
      yield* ch.close()
      return undefined
  }
}

/** Runs the script on threads of its own. What is left at the end is received, too, so that nothing can have got lost. */
function* following(capacity: number, script: Script, model = channelModel(capacity, "wait")): Steps {
  const all = channels(capacity, script.length)
  const history: Recorded = recordHistory()
  const performing = (of: OfThread, name: string, calls: ReadonlyArray<ChannelCall>) =>
    of.thread.start(name, function* () {
      for (const call of calls) {
        try {
          yield* history.op(call, performed(of, call))
        } catch {
          // Recorded: a send on a closed channel.
        }
      }
    })
  for (const [i, calls] of script.entries()) performing(all[i]!, "client", calls)
  yield* waitIdle()
  performing(all[0]!, "rest", [["tryReceive"], ["tryReceive"], ["tryReceive"]])
  yield* waitIdle()
  linearizable.check(model, judged(capacity, [...history]))
}

type Done = Operation<ChannelCall, ChannelResult>

/**
 * The history as it is promised, which is less than that of a channel of one thread:
 * - A try may fail while another thread is in the middle of an operation, though a later one has ended.
 * - At capacity 0 a close reaches those who wait to send one after the other: until then what they offer may be received.
 * Who still waits at the end must have had no effect.
 */
function judged(capacity: number, history: ReadonlyArray<Done>): ReadonlyArray<Done> {
  const isUnderWay = (other: Done, from: number, to: number) => other.called < to && (other.returned ?? Infinity) > from
  return history
    .filter((operation) => operation.returned !== undefined && !(hasFailed(operation) && overlaps(operation)))
    .map((operation) => (capacity === 0 && operation.call[0] === "close" ? untilHeard(operation) : operation))

  function overlaps(operation: Done): boolean {
    return history.some((other) => other !== operation && isUnderWay(other, operation.called, operation.returned!))
  }

  function untilHeard(close: Done): Done {
    const senders = history.filter(
      (other) => other.call[0] !== "close" && isUnderWay(other, close.called, close.returned!),
    )
    return { ...close, returned: Math.max(...[close, ...senders].map(({ returned }) => returned ?? 0)) }
  }
}

const hasFailed = ({ call, result }: Done): boolean =>
  (call[0] === "trySend" && result === false) || (call[0] === "tryReceive" && result === undefined)

const scripts: Readonly<Record<string, Script>> = {
  "2 producers and a consumer": [
    [
      ["send", 1],
      ["send", 2],
    ],
    [
      ["send", 3],
      ["send", 4],
    ],
    [["next"], ["receive"], ["next"]],
  ],
  "a producer and 2 consumers": [
    [
      ["send", 1],
      ["send", 2],
      ["send", 3],
    ],
    [["next"], ["receive"]],
    [["next"], ["receive"]],
  ],
  "a close among sends and receives": [
    [
      ["send", 1],
      ["send", 2],
    ],
    [["next"], ["next"], ["next"]],
    [["close"], ["close"]],
  ],
  "who tries, beside one of each": [
    [["trySend", 1], ["tryReceive"], ["trySend", 2]],
    [
      ["send", 3],
      ["send", 4],
    ],
    [["next"], ["tryReceive"]],
  ],
}

const selecting: Script = [
  [
    ["select", 1],
    ["select", 2],
  ],
  [["select", 3], ["next"]],
  [["send", 4], ["tryReceive"]],
]

describe("a shared channel, access by access, is linearizable", () => {
  const byChanceAt = async (capacity: number, script: Script) => {
    for (const options of byChance(200))
      await explore.check({ ...options, leaks: "cancel" }, () => following(capacity, script))
  }

  describe.each([0, 1, 2])("in many schedules by chance, capacity %d", { tags: "long" }, (capacity) => {
    it.each(Object.entries(scripts))("%s", async (_, script) => byChanceAt(capacity, script))
  })

  it.each([0, 1, 2])(
    "in many schedules by chance, capacity %d: selects that send and receive",
    { tags: "long" },
    (capacity) => byChanceAt(capacity, selecting),
  )

  it.each([
    ["capacity 1: 2 producers and a consumer", 1, [[["send", 1]], [["send", 2]], [["next"], ["next"]]]],
    [
      "capacity 0: a producer and a consumer",
      0,
      [
        [
          ["send", 1],
          ["trySend", 2],
        ],
        [["next"], ["tryReceive"]],
      ],
    ],
  ] as ReadonlyArray<[string, number, Script]>)(
    "in all schedules with at most 1 preemption: %s",
    async (_, capacity, script) => {
      const search = explore.check({ preemptions: 1, leaks: "cancel" }, () => following(capacity, script))
      expect(await search).toMatchObject({ complete: true })
    },
  )

  it.each([
    [2, 1],
    [1, 0],
  ])("and capacity %d is told from %d", async (capacity, other) => {
    const script = scripts["2 producers and a consumer"]!
    const search = explore({ strategy: "random", leaks: "cancel" }, () =>
      following(capacity, script, channelModel(other, "wait")),
    )
    expect((await search).failure?.error).toHaveProperty("name", "NotLinearizable")
  })
})
