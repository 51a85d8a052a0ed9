import { Panic } from "@weft/core"

/**
 * A select with sends to two shared channels of capacity 0: both could be received at the same time, on different threads.
 *
 * @since 0.2.0
 */
export class SeveralOffers extends Panic<{ channel: string }> {
  override readonly name = "SeveralOffers"

  constructor(channel: string) {
    super(
      `channels: a select with a second send to a shared channel of capacity 0, ${channel}; give one of them a capacity, or select in two goroutines`,
      { channel },
    )
  }
}
