/**
 * Credits: room in a buffered channel that is promised to a thread which sends there again and again. Its sends end at once while it has some, and their
 * values go many to a message.
 *
 * Memory, one Int32 for a channel and a thread, every access atomic: how many promises the thread may still use. The thread takes one by
 * compare-and-swap; the channel's thread adds some, or takes all back, when somebody else needs the room: so none is ever idle.
 *
 * Invariant: `lent` is what stands in the word and what was taken from it and has not come; the channel's `room` is its capacity less all that is lent.
 */
import { chan, type Channel } from "@weft/channels"
import { Credits, post } from "./hub.ts"

/** What a buffered channel has for this: see its file. */
interface Buffered extends Channel<unknown> {
  room: number
  takeBack: (() => void) | undefined
  arrive(value: unknown): void
  free(promises: number): void
}

/** Those of its kind that never wait need none. */
const buffered = chan(1).constructor

const pageWords = 1024
/** So many sends wait for an answer before a thread is promised anything: most channels see but a few. */
const sendsBefore = 3

type CreditWords = Int32Array<SharedArrayBuffer>

let page: CreditWords | undefined
let used = pageWords

function newWord(): { readonly words: CreditWords; readonly index: number } | undefined {
  try {
    if (used === pageWords) {
      page = new Int32Array(new SharedArrayBuffer(pageWords * 4))
      used = 0
    }
    return { words: page!, index: used++ }
  } catch {
    return undefined
  }
}

interface Line {
  words: CreditWords | undefined
  index: number
  lent: number
  sends: number
}

/** What a channel of this thread has promised to others. */
export class Lines {
  readonly #channel: Buffered
  readonly #number: number
  readonly #lines = new Map<number, Line>()
  readonly #takeBack = (): void => {
    for (const line of this.#lines.values()) this.#takeBackFrom(line)
  }

  private constructor(channel: Buffered, number: number) {
    this.#channel = channel
    this.#number = number
  }

  static of(channel: Channel<unknown>, number: number): Lines | undefined {
    return channel.constructor === buffered ? new Lines(channel as Buffered, number) : undefined
  }

  /** A send of `thread` that has waited for an answer has happened. */
  sent(thread: number): void {
    let line = this.#lines.get(thread)
    if (line === undefined) this.#lines.set(thread, (line = { words: undefined, index: 0, lent: 0, sends: 0 }))
    if (++line.sends < sendsBefore) return
    if (line.words === undefined) {
      const word = newWord()
      if (word === undefined) return
      line.words = word.words
      line.index = word.index
      this.#channel.takeBack = this.#takeBack
      this.tell(thread)
    }
    this.lend(thread)
  }

  /** Where its room is promised: again where it has collected the channel and has it anew, as the new one knows nothing. */
  tell(thread: number): void {
    const { index, words } = this.#lines.get(thread) ?? {}
    if (words !== undefined) post(thread, [Credits, this.#number, words, index])
  }

  /** All the room that nobody uses: whoever needs it takes it back. While somebody waits to send there is none. */
  lend(thread: number): void {
    const line = this.#lines.get(thread)
    const channel = this.#channel
    const free = channel.room - channel.length
    if (line?.words === undefined || channel.closed || free <= 0) return
    channel.room -= free
    line.lent += free
    Atomics.add(line.words, line.index, free)
  }

  came(thread: number, value: unknown): void {
    this.#lines.get(thread)!.lent--
    this.#channel.arrive(value)
  }

  /** One that was taken, and does not come. */
  missed(thread: number): void {
    this.#lines.get(thread)!.lent--
    this.#channel.free(1)
  }

  /** The thread has the channel no more, or has ended. */
  drop(thread: number): void {
    const line = this.#lines.get(thread)
    if (line === undefined) return
    this.#lines.delete(thread)
    this.#takeBackFrom(line)
    this.#channel.free(line.lent)
  }

  #takeBackFrom(line: Line): void {
    if (line.words === undefined) return
    const unused = Atomics.exchange(line.words, line.index, 0)
    line.lent -= unused
    this.#channel.room += unused
  }
}

/** What another thread has promised to this one. */
export class Promised {
  readonly #words: CreditWords
  readonly #index: number

  constructor(words: CreditWords, index: number) {
    this.#words = words
    this.#index = index
  }

  get isAny(): boolean {
    return Atomics.load(this.#words, this.#index) > 0
  }

  /** False: there is none, or it was taken back. */
  take(): boolean {
    for (let found = Atomics.load(this.#words, this.#index); found > 0;) {
      const before = Atomics.compareExchange(this.#words, this.#index, found, found - 1)
      if (before === found) return true
      found = before
    }
    return false
  }
}
