/** What the threads run of whom some are terminated while they send or receive. */
import { gosched, run } from "@weft/core"
import type { Codec } from "../../src/shared/codec.ts"
import { codec, sharedChan } from "../../src/shared/shared-chan.ts"
import type { SharedChannelHandle } from "../../src/shared/shared-channel.ts"
import { spread } from "../../src/shared/spread.ts"

const most = 4_000
/** As many as are sent, or received, at a time. */
export const batch = 4

const bytes = codec.bytes(most)
let stopHalfway = (): void => {}

export const kinds = {
  /** Who is to be terminated stops in the middle of a value, of several that it has claimed perhaps, and waits for that. */
  halves: {
    ...bytes,
    name: "halves",
    write(memory, at, encoded) {
      stopHalfway()
      bytes.write(memory, at, encoded)
    },
    read(memory, at) {
      const value = bytes.read(memory, at)
      stopHalfway()
      return value
    },
  } satisfies Codec<Uint8Array>,
  spread: spread(bytes, 16),
  small: codec.bytes(16),
}

export interface Traffic {
  readonly kind: keyof typeof kinds
  readonly channel: SharedChannelHandle<Uint8Array>
  /** Producers are the threads 0 and 1, consumers the others; of both the first one is terminated. */
  readonly each: number
  /** How often each value has been received: of producer `p` value `k` at p * each + k. */
  readonly received: Uint8Array
  /** How many values each producer knows to be sent; how many have come out of order, or in parts; then for each thread whether it is to be terminated. */
  readonly counts: Int32Array
}

export const Bad = 2
export const Doomed = 3

export function produceOrConsume(traffic: Traffic, index: number): Promise<void> {
  let copies = 0
  stopHalfway = () => {
    if (Atomics.load(traffic.counts, Doomed + index) === 0 || copies++ % 3 !== 2) return
    for (;;) Atomics.wait(traffic.counts, Doomed + index, 1)
  }
  return index < 2 ? produce(traffic, index) : consume(traffic)
}

function produce({ channel, counts, each, kind }: Traffic, index: number): Promise<void> {
  const ch = sharedChan.from<Uint8Array>(kinds[kind], channel)
  const valueOf = (k: number): Uint8Array => {
    const value = new Uint8Array(kind === "small" ? 16 : most - (k % 7) * 500).fill(k)
    new DataView(value.buffer).setInt32(0, k)
    value[4] = index
    return value
  }
  return run(function* () {
    for (let k = 0; k < each;) {
      const count = k % 3 === 0 ? Math.min(batch, each - k) : 1
      if (count > 1) yield* ch.sendAll(Array.from({ length: count }, (_, i) => valueOf(k + i)))
      else yield* ch.send(valueOf(k))
      k += count
      Atomics.store(counts, index, k)
      if (k % 5 === 0) yield* gosched()
    }
  })
}

function consume({ channel, counts, each, kind, received }: Traffic): Promise<void> {
  const ch = sharedChan.from<Uint8Array>(kinds[kind], channel)
  const last = [-1, -1]
  const take = (value: Uint8Array): void => {
    const k = new DataView(value.buffer, value.byteOffset).getInt32(0)
    const producer = value[4]!
    const isWhole = value.subarray(5).every((byte) => byte === (k & 255))
    if (!isWhole || k <= last[producer]!) Atomics.add(counts, Bad, 1)
    last[producer] = k
    Atomics.add(received, producer * each + k, 1)
  }
  return run(function* () {
    for (;;) {
      const values = yield* ch.receiveUpTo(batch)
      if (values.length === 0) return
      for (const value of values) take(value)
    }
  })
}
