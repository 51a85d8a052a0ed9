export { after } from "./after.ts"
export { fromAsyncIterable, type FromOptions } from "./bridges/async-iterable.ts"
export { fromQueue, toQueue } from "./bridges/effect-queue.ts"
export { fromStream, toStream } from "./bridges/effect-stream.ts"
export { type Emitter, type Events, fromEvent } from "./bridges/event.ts"
export { fromReadableStream, toReadableStream } from "./bridges/web-stream.ts"
export { buffer, type BufferPolicy, chan, InvalidCapacity } from "./chan.ts"
export { Channel, type Sender } from "./channel.ts"
export { ChannelClosed } from "./closed.ts"
export { batch } from "./combinators/batch.ts"
export { broadcast, type Broadcast } from "./combinators/broadcast.ts"
export { debounce } from "./combinators/debounce.ts"
export { fanOut } from "./combinators/fan-out.ts"
export { filter } from "./combinators/filter.ts"
export { map } from "./combinators/map.ts"
export { merge } from "./combinators/merge.ts"
export { pipe } from "./combinators/pipe.ts"
export { pipeline } from "./combinators/pipeline.ts"
export { throttle } from "./combinators/throttle.ts"
export type { Flow } from "./flow.ts"
export { nil } from "./nil.ts"
export { Ended, type Next } from "./receive.ts"
export { Receiver } from "./receiver.ts"
export {
  type Cases,
  CasesChanged,
  type ErrorsOf,
  type Hit,
  InvalidCase,
  select,
  trySelect,
  UnorderedCase,
} from "./select.ts"
export { tick } from "./tick.ts"
export { InvalidPeriod, Ticker } from "./ticker.ts"
export { Timer } from "./timer.ts"
export { type Codec, type SizedCodec, type SpreadCodec, ValueDoesNotFit } from "./shared/codec.ts"
export { SeveralOffers } from "./shared/several-offers.ts"
export { codec, sharedChan } from "./shared/shared-chan.ts"
export { SharedChannel, type SharedChannelHandle, SharedChannelMismatch } from "./shared/shared-channel.ts"
export { spread } from "./shared/spread.ts"
