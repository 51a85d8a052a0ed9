/** Puts a thread's rows and strings together again: `agent/rows.ts` has the other half. */
import type { GoroutineDump } from "../format/dump.ts"
import type { StringsFrame } from "../format/trace-file.ts"
import { DumpColumn, type DumpReply, WireKind } from "../format/wire.ts"
import type { SourceMaps } from "../source-maps/source-maps.ts"
import { ownFrames } from "./own-frames.ts"
import type { Frame, Question, ThreadLink } from "./thread-link.ts"

const none: ReadonlyArray<never> = []
const statuses = ["runnable", "running", "waiting", "waiting"] as const
const isMainFlag = 4
const isOfGroupFlag = 8
const nobody: ReadonlyArray<number> = []
/** Of rows and strings: a million goroutines have a fifth of it. */
const mostBytes = 256 * 1024 * 1024
/** Wait reasons of what a timer, the host or another thread ends. */
const fromOutside = new Set(["sleep", "promise", "effect", "abort signal", "task", "task queued", "task interrupted"])

export class DumpReader {
  readonly #strings: Array<string> = [""]
  readonly #rows: Array<Int32Array> = []
  readonly #frames = new Map<number, ReadonlyArray<string>>()
  readonly #maps: SourceMaps
  #bytes = 0

  constructor(maps: SourceMaps) {
    this.#maps = maps
  }

  /** Asks, and takes the rows that come before the reply. */
  async read(link: ThreadLink, question: Question): Promise<unknown> {
    link.onDumpFrame = (frame) => this.#take(frame)
    try {
      const reply = await link.ask(question)
      await this.#maps.prepare(this.#strings)
      return reply
    } finally {
      link.onDumpFrame = undefined
    }
  }

  /** Throws at more than a dump can have, which ends the connection. */
  #take({ kind, payload }: Frame): void {
    this.#bytes += payload.length
    if (this.#bytes > mostBytes) throw new Error(`weft: a dump of more than ${mostBytes} bytes`)
    if (kind === WireKind.DumpStrings) {
      const { first, strings } = JSON.parse(payload.toString()) as StringsFrame
      strings.forEach((string, i) => (this.#strings[first + i] = string))
    } else if (kind === WireKind.DumpRows) {
      // Copied: an Int32Array must begin at a multiple of four.
      const bytes = new Uint8Array(payload)
      this.#rows.push(new Int32Array(bytes.buffer, 0, bytes.byteLength >> 2))
    }
  }

  goroutines({ sends = none, several }: Pick<DumpReply, "several" | "sends">): Array<GoroutineDump> {
    const more = new Map(several.map((each) => [each.id, each]))
    const sendsOf = new Map(sends.map((each) => [each.id, each.sends]))
    const all: Array<GoroutineDump> = []
    for (const words of this.#rows)
      for (let row = 0; row < words.length; row += DumpColumn.Length) {
        const goroutine = this.#goroutine(words, row, more)
        const sends = sendsOf.get(goroutine.id)
        all.push(sends === undefined ? goroutine : { ...goroutine, sends })
      }
    return all
  }

  #goroutine(words: Int32Array, row: number, more: ReadonlyMap<number, DumpReply["several"][number]>): GoroutineDump {
    const id = words[row + DumpColumn.Id]!
    const flags = words[row + DumpColumn.Flags]!
    const on = words[row + DumpColumn.On]!
    const waker = words[row + DumpColumn.Waker]!
    const parent = words[row + DumpColumn.Parent]!
    const reason = this.#strings[words[row + DumpColumn.Reason]!]!
    const detail = this.#strings[words[row + DumpColumn.Detail]!]!
    const [startedAt] = this.#stack(words[row + DumpColumn.StartedAt]!)
    const extra = more.get(id)
    const wakers = extra === undefined ? (waker < 0 ? undefined : waker === 0 ? nobody : [waker]) : extra.wakers
    const dump: { -readonly [K in keyof GoroutineDump]: GoroutineDump[K] } = {
      id,
      name: this.#strings[words[row + DumpColumn.Name]!]!,
      isMain: (flags & isMainFlag) !== 0,
      status: statuses[flags & 3]!,
      waitMillis: words[row + DumpColumn.WaitMillis]!,
      stack: this.#stack(words[row + DumpColumn.Stack]!),
      on: extra?.on ?? (on === 0 ? none : [on]),
    }
    if (reason !== "") dump.reason = reason
    if (detail !== "") dump.detail = detail
    if ((flags & isOfGroupFlag) !== 0) dump.isStackOfGroup = true
    if (startedAt !== undefined) dump.startedAt = startedAt
    if (parent !== 0) dump.parent = parent
    if (fromOutside.has(reason)) dump.isWokenFromOutside = true
    if (wakers !== undefined) dump.wakers = wakers
    return dump
  }

  #stack(string: number): ReadonlyArray<string> {
    if (string === 0) return none
    let frames = this.#frames.get(string)
    if (frames === undefined) this.#frames.set(string, (frames = ownFrames(this.#strings[string] ?? "", this.#maps)))
    return frames
  }
}
