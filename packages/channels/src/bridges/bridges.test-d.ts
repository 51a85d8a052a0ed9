import type * as Cause from "effect/Cause"
import type * as Effect from "effect/Effect"
import type * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import type * as Stream from "effect/Stream"
import { describe, expectTypeOf, it } from "vitest"
import {
  type Events,
  type Flow,
  fromAsyncIterable,
  fromEvent,
  fromQueue,
  fromReadableStream,
  fromStream,
  type Receiver,
  toQueue,
  toReadableStream,
  toStream,
} from "../index.ts"

declare const receiver: Receiver<number, "broken">
declare const iterable: AsyncIterable<number>
declare const webStream: ReadableStream<number>

describe("the bridges", () => {
  it("fail with what catch makes; without it, with whatever it was", () => {
    expectTypeOf(fromAsyncIterable(iterable)).toEqualTypeOf<Flow<number, unknown>>()
    expectTypeOf(fromAsyncIterable(iterable, { catch: () => "torn" as const })).toEqualTypeOf<Flow<number, "torn">>()
    expectTypeOf(fromReadableStream(webStream)).toEqualTypeOf<Flow<number, unknown>>()
    expectTypeOf(fromReadableStream(webStream, { catch: () => "reset" as const })).toEqualTypeOf<
      Flow<number, "reset">
    >()
    expectTypeOf(toReadableStream(receiver)).toEqualTypeOf<ReadableStream<number>>()
  })

  it("carry an Effect Stream's failure there and back", () => {
    expectTypeOf(toStream(receiver)).toEqualTypeOf<Stream.Stream<number, "broken">>()
    expectTypeOf(fromStream({} as Stream.Stream<number, "broken", "service">)).toEqualTypeOf<Flow<number, "broken">>()
  })

  it("tell a queue's end from its failure", () => {
    expectTypeOf(toQueue(receiver)).toEqualTypeOf<
      Effect.Effect<Queue.Dequeue<number, "broken" | Cause.Done>, never, Scope.Scope>
    >()
    expectTypeOf(fromQueue({} as Queue.Dequeue<number, "broken" | Cause.Done>)).toEqualTypeOf<Flow<number, "broken">>()
    expectTypeOf(fromQueue({} as Queue.Queue<number>)).toEqualTypeOf<Flow<number>>()
  })

  it("take an event's type as given", () => {
    expectTypeOf(fromEvent(new EventTarget(), "message")).toEqualTypeOf<Events<Event>>()
    expectTypeOf(fromEvent<MessageEvent>(new EventTarget(), "message")).toEqualTypeOf<Events<MessageEvent>>()
    expectTypeOf(fromEvent(new EventTarget(), "message")).toExtend<Receiver<Event>>()
  })
})
