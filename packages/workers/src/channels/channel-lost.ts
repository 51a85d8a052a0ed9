import { Panic } from "@weft/core"

/**
 * The thread in which a channel was made has ended, and the channel with it.
 *
 * @since 0.3.0
 */
export class ChannelLost extends Panic<{ thread: number }> {
  override readonly name = "ChannelLost"

  constructor(thread: number) {
    super(
      `workers: the channel is lost: thread ${thread}, which made it, has ended; make it where it outlives its users`,
      { thread },
    )
  }
}
