/** What the threads of the stress test run. */
import { go, gosched, run } from "@weft/core"
import { select } from "../../src/select.ts"
import { codec, sharedChan } from "../../src/shared/shared-chan.ts"
import type { SharedChannelHandle } from "../../src/shared/shared-channel.ts"
import { spread } from "../../src/shared/spread.ts"

interface Traffic {
  readonly channel: SharedChannelHandle<number>
  readonly producers: number
  readonly each: number
  readonly left: Int32Array
}

type Received = { readonly count: number; readonly sum: number; readonly isOrdered: boolean }

/** Thread `index` produces `each` numbers from index * each on; the threads after the producers consume. */
export function produceOrConsume(traffic: Traffic, index: number): Promise<Received | undefined> {
  return index < traffic.producers ? produce(traffic, index) : consume(traffic)
}

function produce({ channel, each, left }: Traffic, index: number): Promise<undefined> {
  const ch = sharedChan.from(codec.f64, channel)
  return run(function* () {
    for (let i = 0; i < each;) {
      const value = index * each + i
      if (i % 3 === 0 && i + 8 <= each) {
        yield* ch.sendAll(Array.from({ length: 8 }, (_, k) => value + k))
        i += 8
      } else {
        yield* ch.send(value)
        i++
      }
      if (i % 97 === 0) yield* gosched()
    }
    if (Atomics.sub(left, 0, 1) === 1) ch.close()
    return undefined
  })
}

/** Two goroutines, one that takes one at a time and one that takes many. */
export function consume({ channel, each, producers }: Traffic): Promise<Received> {
  const ch = sharedChan.from(codec.f64, channel)
  return run(function* () {
    let count = 0
    let sum = 0
    let isOrdered = true
    const taking = (isMany: boolean) =>
      go(function* () {
        const last = new Array<number>(producers).fill(-1)
        for (;;) {
          const values = isMany ? yield* ch.receiveUpTo(16) : yield* one()
          if (values.length === 0) return
          for (const value of values) {
            const producer = Math.floor(value / each)
            if (value <= last[producer]!) isOrdered = false
            last[producer] = value
            count++
            sum += value
          }
        }
      })
    function* one() {
      const next = yield* ch.next()
      return next.ok ? [next.value] : []
    }
    const all = [taking(true), taking(false)]
    for (const goroutine of all) yield* goroutine
    return { count, sum, isOrdered }
  })
}

interface Texts {
  readonly channel: SharedChannelHandle<Uint8Array>
  readonly producers: number
  readonly each: number
  readonly left: Int32Array
}

export const spreadBytes = spread(codec.bytes(300), 16)

/** Threads 0 to producers - 1 send values of all sizes; the others check that each has arrived whole, and in order. */
export function produceOrConsumeBytes({ channel, each, left, producers }: Texts, index: number) {
  const ch = sharedChan.from(spreadBytes, channel)
  return run(function* () {
    if (index < producers) {
      for (let i = 0; i < each; i++) {
        // Five bytes say whose it is and which; the rest is the same byte.
        const value = new Uint8Array(5 + ((i * 37 + index) % 250)).fill(i)
        value[0] = index
        new DataView(value.buffer).setInt32(1, i)
        if (i % 3 === 0) yield* ch.sendAll([value])
        else yield* ch.send(value)
        if (i % 97 === 0) yield* gosched()
      }
      if (Atomics.sub(left, 0, 1) === 1) ch.close()
      return undefined
    }
    let [count, sum, bad] = [0, 0, 0]
    const last = new Array<number>(producers).fill(-1)
    for (;;) {
      const values = yield* ch.receiveUpTo(1 + (count % 5))
      if (values.length === 0) return { count, sum, bad }
      for (const value of values) {
        const from = value[0]!
        const i = new DataView(value.buffer).getInt32(1)
        const isWhole =
          value.length === 5 + ((i * 37 + from) % 250) && value.subarray(5).every((byte) => byte === (i & 255))
        if (!isWhole || i <= last[from]!) bad++
        last[from] = i
        count++
        sum += i
      }
    }
  })
}

interface Exchange {
  readonly channels: readonly [SharedChannelHandle<number>, SharedChannelHandle<number>]
  readonly times: number
}

/** Each of two threads sends on one channel and receives on the other, whichever comes first. */
export function exchange({ channels, times }: Exchange, index: number) {
  const out = sharedChan.from(codec.f64, channels[index]!)
  const back = sharedChan.from(codec.f64, channels[1 - index]!)
  return run(function* () {
    const sent: Array<number> = []
    const got: Array<number> = []
    for (let i = 0; i < times; i++) {
      const hit = yield* select({ sent: out.send(i), got: back.take() })
      if (hit.case === "sent") sent.push(i)
      else got.push(hit.value)
    }
    return { sent, got }
  })
}
