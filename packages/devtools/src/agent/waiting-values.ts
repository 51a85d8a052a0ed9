/** The values that wait in a dump: in buffers of channels, and with who is parked at a send. Bounded: what is over is counted. */
import type { WaitingSend } from "../format/dump.ts"
import type { WantedValues } from "../format/value-options.ts"
import type { DumpReply } from "../format/wire.ts"
import { type AnyOp, MessagesOfOps } from "./messages-of-ops.ts"
import { nameOfThing } from "./name-of-thing.ts"
import { Objects } from "./objects.ts"
import { ValueText } from "./value-text.ts"

const mostOfChannel = 10
const mostOfSelect = 10
const mostCharacters = 4_000_000

export class WaitingValues {
  readonly #messages = new MessagesOfOps()
  readonly #text: ValueText
  readonly #sends: Array<{ readonly id: number; readonly sends: ReadonlyArray<WaitingSend> }> = []
  #charactersLeft = mostCharacters
  #leftOut = 0

  constructor(wanted: WantedValues) {
    // Without numbers: a dump gives them while it is made.
    const none = new Objects()
    this.#text = new ValueText(wanted, (object) => nameOfThing(object, none))
  }

  /** The oldest in a channel's buffer; undefined for what has none. */
  buffered(object: object): ReadonlyArray<string> | undefined {
    const buffered = this.#messages.buffered(object, mostOfChannel)
    if (buffered === undefined || buffered.length === 0) return undefined
    return this.#mayAdd() ? buffered.values.map((value) => this.#textOf(value)) : undefined
  }

  /** What goroutine `id`, which waits for `op`, would send. */
  addSends(id: number, op: AnyOp, numberOf: (channel: object) => number | undefined): void {
    const messages = this.#messages.sends(op).slice(0, mostOfSelect)
    if (messages.length === 0 || !this.#mayAdd()) return
    const sends = messages.map(({ op, value }) => {
      const number = op.on === undefined ? undefined : numberOf(op.on)
      return { ...(number === undefined ? {} : { on: number }), value: this.#textOf(value) }
    })
    this.#sends.push({ id, sends })
  }

  reply(): Pick<DumpReply, "sends" | "valuesLeftOut"> {
    return { sends: this.#sends, ...(this.#leftOut === 0 ? {} : { valuesLeftOut: this.#leftOut }) }
  }

  #mayAdd(): boolean {
    if (this.#charactersLeft > 0) return true
    this.#leftOut++
    return false
  }

  #textOf(value: unknown): string {
    const text = this.#text.of(value)
    this.#charactersLeft -= text.length
    return text
  }
}
