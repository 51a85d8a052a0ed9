import { Panic } from "@weft/core"

/**
 * A channel was used after its close: sent to, closed again, or, by `take`, received from once drained.
 *
 * `value` gives back what could not be sent.
 *
 * @see Go: "send on closed channel", "close of closed channel", "close of nil channel"
 * @since 0.1.0
 */
export class ChannelClosed extends Panic<{ value?: unknown }> {
  override readonly name = "ChannelClosed"
  /** For `Effect.catchTag`: `take` fails with it. */
  readonly _tag = "ChannelClosed"

  constructor(message: string, value?: unknown) {
    super(message, { value })
  }

  get value(): unknown {
    return this.fields.value
  }
}

export const sendOnClosed = (value: unknown): ChannelClosed =>
  new ChannelClosed("send on closed channel; close it only after the last send, best by its one sender", value)

export const closeOfClosed = (): ChannelClosed =>
  new ChannelClosed("close of closed channel; close it once, where it was made")

export const closeOfNil = (): ChannelClosed => new ChannelClosed("close of nil channel; make one with chan()")

export const receiveFromClosed = (): ChannelClosed =>
  new ChannelClosed("receive from closed channel; next() tells the end apart without failing")
