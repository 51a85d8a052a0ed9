import { Panic } from "@weft/core"

/**
 * A select with sends to two shared channels of capacity 0: both could be received at the same time, on different threads.
 *
 * @since 0.2.0
 */
export class SeveralOffers extends Panic<{ channel: string; cases: ReadonlyArray<string> }> {
  override readonly name = "SeveralOffers"

  /** The channel of the second one, and the names of both cases once the select has said them. */
  constructor(channel: string, cases: ReadonlyArray<string> = []) {
    const both = cases.length === 0 ? "" : `: cases ${cases.map((name) => JSON.stringify(name)).join(" and ")}`
    super(
      `channels: a select with a second send to a shared channel of capacity 0, ${channel}${both}; give one of them a capacity, or select in two goroutines`,
      { channel, cases },
    )
  }
}
