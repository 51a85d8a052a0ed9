/** Go's test/ken: chan.go and chan1.go. */
import { chan, type Channel, select } from "@weft/channels"
import { go } from "@weft/core"
import { WaitGroup } from "@weft/sync"
import { describe, expect } from "vitest"
import { underSchedules } from "../../../core/test/support/under-schedules.ts"

/** One end of a channel that carries base, base + 1, ...: `next` is the next value. */
interface End {
  readonly channel: Channel<number>
  next: number
  readonly end: number
}

const perChannel = 10

const ends = (channels: ReadonlyArray<Channel<number>>): Array<End> =>
  channels.map((channel, i) => ({ channel, next: 1000 * i, end: 1000 * i + perChannel }))

function check(end: End, value: number | undefined): void {
  expect(value).toBe(end.next)
  end.next++
}

function* sendAll(end: End) {
  while (end.next < end.end) yield* end.channel.send(end.next++)
}

function* receiveAll(end: End) {
  while (end.next < end.end) check(end, yield* end.channel.receive())
}

/** One goroutine that serves all ends by select, whichever is ready. */
function* sendBySelect(all: ReadonlyArray<End>) {
  for (let open = all.filter((end) => end.next < end.end); open.length > 0;) {
    const hit = yield* select(Object.fromEntries(open.map((end, i) => [`c${i}`, end.channel.send(end.next)])))
    open[Number(hit.case.slice(1))]!.next++
    open = open.filter((end) => end.next < end.end)
  }
}

function* receiveBySelect(all: ReadonlyArray<End>) {
  for (let open = all.filter((end) => end.next < end.end); open.length > 0;) {
    const hit = yield* select(Object.fromEntries(open.map((end, i) => [`c${i}`, end.channel.receive()])))
    check(open[Number(hit.case.slice(1))]!, hit.value)
    open = open.filter((end) => end.next < end.end)
  }
}

describe("test/ken", () => {
  describe.each([0, 1, 10, 100])("capacity %d", (capacity) => {
    for (const [sending, receiving] of [
      ["plain", "plain"],
      ["plain", "select"],
      ["select", "plain"],
      ["select", "select"],
    ] as const) {
      underSchedules(
        `chan: 8 channels with ${sending} senders and ${receiving} receivers keep every sequence`,
        function* () {
          const channels = Array.from({ length: 8 }, () => chan<number>(capacity))
          const [senders, receivers] = [ends(channels), ends(channels)]
          const all = new WaitGroup()
          if (sending === "plain") for (const end of senders) all.go(() => sendAll(end))
          else all.go(() => sendBySelect(senders))
          if (receiving === "plain") for (const end of receivers) all.go(() => receiveAll(end))
          else all.go(() => receiveBySelect(receivers))
          yield* all.wait()
          expect(receivers.every((end) => end.next === end.end)).toBe(true)
          for (const channel of channels)
            expect([channel.length, channel.receivers.length, channel.senders.length]).toEqual([0, 0, 0])
        },
        { seeds: 20 },
      )
    }
  })

  underSchedules("chan1: of 1,000 sends 10 receivers get each once, over a capacity of 2", function* ({ isReal }) {
    const n = isReal ? 1000 : 200
    const ch = chan<number>(2)
    const times = new Array<number>(n).fill(0)
    const receivers = Array.from({ length: 10 }, () =>
      go(function* () {
        for (;;) {
          const next = yield* ch.next()
          if (!next.ok) return
          times[next.value]!++
        }
      }),
    )
    for (let i = 0; i < n; i++) yield* ch.send(i)
    ch.close()
    for (const receiver of receivers) yield* receiver
    expect(times.every((count) => count === 1)).toBe(true)
  })
})
