/** Every kind of channel with its model, and some that are not what they should be with the model that they fail. */
import { buffer, chan, type Channel } from "@weft/channels"
import { Dropping } from "../../src/buffer/dropping.ts"
import { Sliding } from "../../src/buffer/sliding.ts"
import { Buffered } from "../../src/flavors/buffered.ts"
import { Rendezvous } from "../../src/flavors/rendezvous.ts"
import { channelModel, type ChannelModel } from "./channel-model.ts"

type Kind = readonly [name: string, make: () => Channel<number>, model: ChannelModel]

export const kinds: ReadonlyArray<Kind> = [
  ["unbuffered", () => chan(), channelModel(0, "wait")],
  ["capacity 1", () => chan(1), channelModel(1, "wait")],
  ["capacity 2", () => chan(2), channelModel(2, "wait")],
  ["sliding 1", () => chan(buffer.sliding(1)), channelModel(1, "slide")],
  ["sliding 2", () => chan(buffer.sliding(2)), channelModel(2, "slide")],
  ["dropping 2", () => chan(buffer.dropping(2)), channelModel(2, "drop")],
  ["unbounded", () => chan(buffer.unbounded()), channelModel(Infinity, "wait")],
]

/** Gives the newest value. */
class Lifo extends Buffered<number> {
  override pollReceive(): unknown {
    for (let i = 1; i < this.ring.length; i++) this.ring.push(this.ring.shift())
    return super.pollReceive()
  }
}

/** Has room for one more than it says. */
class Roomy extends Buffered<number> {
  protected override full(value: number): unknown {
    if (this.ring.length > this.capacity) return super.full(value)
    this.ring.push(value)
    return undefined
  }
}

/** Gives every third value twice. */
class Repeating extends Buffered<number> {
  override pollReceive(): unknown {
    const value = super.pollReceive()
    if (typeof value === "number" && value % 3 === 0 && this.ring.length === 0) this.ring.push(-value)
    return typeof value === "number" ? Math.abs(value) : value
  }
}

/** Forgets on close what is buffered. */
class Forgetful extends Buffered<number> {
  override close(): void {
    super.close()
    while (this.ring.length > 0) this.ring.shift()
  }
}

/** Lets a send go on before anybody has received. */
class Hasty extends Rendezvous<number> {
  #left: number | undefined

  override pollSend(value: number): unknown {
    const sent = super.pollSend(value)
    if (sent === undefined || this.#left !== undefined) return sent
    this.#left = value
    return undefined
  }
  override pollReceive(): unknown {
    const left = this.#left
    this.#left = undefined
    return left ?? super.pollReceive()
  }
}

export const planted: ReadonlyArray<Kind> = [
  ["that gives the newest value", () => new Lifo(2), channelModel(2, "wait")],
  ["with room for one more", () => new Roomy(1), channelModel(1, "wait")],
  ["that gives a value twice", () => new Repeating(2), channelModel(2, "wait")],
  ["that forgets on close what is buffered", () => new Forgetful(2), channelModel(2, "wait")],
  ["without a buffer whose send does not wait", () => new Hasty(), channelModel(0, "wait")],
  ["that slides instead of dropping", () => new Sliding(1), channelModel(1, "drop")],
  ["that drops instead of sliding", () => new Dropping(1), channelModel(1, "slide")],
]
