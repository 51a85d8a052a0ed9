import { HandleMismatch } from "@weft/core"
import type { Codec } from "./codec.ts"
import { bool } from "./codecs/bool.ts"
import { bytes } from "./codecs/bytes.ts"
import { json } from "./codecs/json.ts"
import { f64, i32, i64, u32 } from "./codecs/number.ts"
import { struct } from "./codecs/struct.ts"
import { utf8 } from "./codecs/utf8.ts"
import { SharedChannel, type SharedChannelHandle } from "./shared-channel.ts"

/**
 * How values of a {@link sharedChan} lie in memory. For what an Effect `Schema` describes there is `schema` in `@weft/channels/schema`, apart as
 * it brings Effect's Schema along.
 *
 * @example
 * const points = sharedChan(codec.struct({ x: codec.f64, y: codec.f64, label: codec.utf8(20) }), 64)
 *
 * @since 0.2.0
 */
export const codec: {
  readonly f64: typeof f64
  readonly i32: typeof i32
  readonly u32: typeof u32
  readonly i64: typeof i64
  readonly bool: typeof bool
  readonly bytes: typeof bytes
  readonly utf8: typeof utf8
  readonly struct: typeof struct
  readonly json: typeof json
} = { f64, i32, u32, i64, bool, bytes, utf8, struct, json }

/**
 * Makes a channel of `capacity` values in shared memory, for the goroutines of many threads.
 *
 * `sharedChan.from(codec, handle)` makes it of what `share()` gave, in another thread. At a capacity of 0 a send waits
 * until its value has been received, on whatever thread.
 *
 * Errors: `InvalidCapacity` unless the capacity is a whole number, and its slots fit into 2,147,483,648 bytes that the host has;
 * `SharedMemoryUnavailable`; `HandleMismatch` where `from` is given what is no handle of a channel.
 *
 * @example
 * const results = sharedChan(codec.f64, 1024)
 * // worker.postMessage(results.share()), and there: sharedChan.from(codec.f64, handle)
 * yield* results.send(1)
 * console.log(yield* results.receive())
 *
 * @see Go: make(chan T, capacity)
 * @since 0.2.0
 */
export const sharedChan: {
  <T>(codec: Codec<T>, capacity: number): SharedChannel<T>
  readonly from: <T>(codec: Codec<T>, handle: SharedChannelHandle<T>) => SharedChannel<T>
} = /* @__PURE__ */ Object.assign(make, { from })

function make<T>(codec: Codec<T>, capacity: number): SharedChannel<T> {
  return new SharedChannel<T>(codec, capacity)
}

function from<T>(codec: Codec<T>, handle: SharedChannelHandle<T>): SharedChannel<T> {
  if ((handle as { weft?: unknown } | null | undefined)?.weft !== "SharedChannel")
    throw new HandleMismatch("SharedChannel", handle)
  return new SharedChannel<T>(codec, handle.capacity, handle)
}
