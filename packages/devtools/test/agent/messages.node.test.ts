/** Random programs that keep a record of their own of what they send and receive: the recorder's must say the same. */
import { chan, type Channel, select } from "@weft/channels"
import { type AttachPoint, go, gosched, run, sleep } from "@weft/core"
import { describe, expect, it } from "vitest"
import { Messages, MessagesOfAll } from "../../src/agent/messages.ts"
import { OpRecorder } from "../../src/agent/op-recorder.ts"
import { Recorder } from "../../src/agent/recorder.ts"
import { ValueRing } from "../../src/agent/value-ring.ts"
import { ValueText } from "../../src/agent/value-text.ts"
import { FrameKind } from "../../src/format/trace-file.ts"
import { type Timeline, TimelineBuilder } from "../../src/trace/timeline.ts"

const points = (globalThis as unknown as { [place: symbol]: Set<AttachPoint> })[Symbol.for("@weft/core.attach")]!

/** What was recorded of `program`, which runs in this thread. */
async function recorded(ops: boolean, program: () => Promise<unknown>): Promise<Timeline> {
  const recorder = new (ops ? OpRecorder : Recorder)(1 << 22, () => performance.now())
  const ring = new ValueRing()
  const messages = new (ops ? MessagesOfAll : Messages)(recorder, ring, new ValueText({ redact: [], maxLength: 200 }))
  const stops = [...points].flatMap((point) => [point.trace(messages), point.trace(recorder)])
  try {
    await program()
  } finally {
    for (const stop of stops) stop()
  }
  recorder.seal()
  const builder = new TimelineBuilder()
  builder.add({ kind: FrameKind.Thread, thread: 0, name: "main", zero: 0 })
  builder.add({ kind: FrameKind.Strings, thread: 0, ...recorder.strings.all() })
  builder.add({ kind: FrameKind.Objects, thread: 0, objects: recorder.newObjects })
  builder.add({ kind: FrameKind.Values, thread: 0, ...ring.all() })
  for (let segment = recorder.ring.take(); segment !== undefined; segment = recorder.ring.take())
    builder.add({ kind: FrameKind.Records, thread: 0, dropped: 0, words: new Int32Array(segment.bytes.buffer) })
  return builder.timeline()
}

/** By name of goroutine, in order. */
function saidOf({ texts, threads }: Timeline): Map<string, Array<string>> {
  const said = new Map<string, Array<string>>()
  const { goroutines, values } = threads[0]!
  for (let row = 0; row < values.length; row++) {
    const name = texts[goroutines.name[values.goroutine[row]!]!]!
    const list = said.get(name) ?? []
    said.set(name, list)
    list.push(`${values.isReceived[row] === 1 ? "received" : "sent"} ${texts[values.text[row]!]!}`)
  }
  return said
}

/** Numbers of a seed. */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

interface Item {
  readonly n: number
  state: string
}

interface Done {
  /** What each goroutine says that it has done. */
  readonly said: Map<string, Array<string>>
  /** What went through channels without a buffer. */
  readonly direct: Set<string>
}

/** Producers and consumers over a few channels, each op in one of the ways there are. */
async function exchange(seed: number): Promise<Done> {
  const choose = numbers(seed)
  const said = new Map<string, Array<string>>()
  const direct = new Set<string>()
  const channels: ReadonlyArray<Channel<Item>> = [chan<Item>(), chan<Item>(1), chan<Item>(3), chan<Item>()]
  const any = () => channels[choose(channels.length)]!
  let n = 0
  let left = 0
  const text = ({ n, state }: Item) => `{n: ${n}, state: "${state}"}`
  const busy = (millis: number) => {
    for (const end = performance.now() + millis; performance.now() < end;);
  }

  function* producing(name: string) {
    const list = said.get(name)!
    for (let i = 0; i < 30; i++) {
      const item = { n: ++n, state: "new" }
      list.push(`sent ${text(item)}`)
      const ch = any()
      if (ch.capacity === 0) direct.add(text(item))
      const way = choose(5)
      if (way === 0) yield* select({ it: ch.send(item), never: sleep("1 hours") })
      else if (way === 1) yield* ch.send(item).map(() => 1)
      else yield* ch.send(item)
      // So that ops are put off, and others come between.
      if (choose(12) === 0) busy(12)
      else if (choose(6) === 0) yield* gosched()
    }
    if (--left === 0) for (const ch of channels) ch.close()
  }

  function* consuming(name: string, ch: Channel<Item>) {
    const list = said.get(name)!
    for (;;) {
      const way = choose(5)
      let item: Item | undefined
      if (way === 0) item = (yield* ch.next()).value
      else if (way === 1) item = yield* ch.receive().map((each) => each)
      else if (way === 2)
        item = (yield* select({ it: ch.receive(), never: sleep("1 hours") })).value as Item | undefined
      else item = yield* ch.receive()
      if (item === undefined) return list.push("end")
      list.push(`received ${text(item)}`)
      // At once: a text made later would tell.
      if (way !== 2) item.state = "done"
      if (choose(15) === 0) busy(12)
      else if (choose(8) === 0) yield* sleep(choose(2))
    }
  }

  await run(function* () {
    for (let i = 0; i < 4; i++) {
      left++
      said.set(`producer ${i}`, [])
      go.named(`producer ${i}`, producing, `producer ${i}`)
    }
    const consumers = channels.flatMap((ch, i) =>
      [0, 1].map((k) => {
        const name = `consumer ${i}.${k}`
        said.set(name, [])
        return go.named(name, consuming, name, ch)
      }),
    )
    for (const consumer of consumers) yield* consumer
  })
  return { said, direct }
}

describe("messages of random programs", () => {
  for (let seed = 1; seed <= 6; seed++)
    it(`are all recorded where ops are, in order, as they were, of seed ${seed}`, async () => {
      let done!: Done
      const told = saidOf(await recorded(true, async () => (done = await exchange(seed))))
      for (const [name, list] of done.said) {
        const own = list.filter((line) => line !== "end")
        // The end of a channel shows as such, or as the `undefined` that a receive gives for it.
        const isEnd = (line: string) => /^received (undefined|\(closed\)|\{ok: false, value: undefined\})$/.test(line)
        expect(
          (told.get(name) ?? []).filter((line) => !isEnd(line)),
          name,
        ).toEqual(own)
      }
    })

  it("are recorded without ops only where they were sent and received, and of unbuffered channels each", async () => {
    let done!: Done
    const told = saidOf(await recorded(false, async () => (done = await exchange(99))))
    for (const [name, list] of told) {
      const own = done.said.get(name) ?? []
      expect(
        list.filter((line) => !own.includes(line) && !line.endsWith("(closed)")),
        name,
      ).toEqual([])
    }
    const all = new Set([...told.values()].flat().map((line) => line.replace(/^\w+ /, "")))
    expect([...done.direct].filter((text) => !all.has(text))).toEqual([])
    expect(done.direct.size).toBeGreaterThan(30)
  })
})
