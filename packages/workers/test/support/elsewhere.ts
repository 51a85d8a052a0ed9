import type { Channel } from "@weft/channels"
import { threadId } from "@weft/core"
import { mark } from "../../src/carry/carrier.ts"
import "../../src/carry/unpack.ts"
import { carryChannel, channelFrom } from "../../src/channels/carry-channel.ts"
import { type ClaimPage, ClaimThere } from "../../src/channels/claims.ts"
import { Promised } from "../../src/channels/credits.ts"
import {
  addThread,
  arrived,
  Cancel,
  Credits,
  endsSoon,
  type Entry,
  Given,
  Page,
  Receive,
  Received,
  Release,
  removeThread,
  Send,
  Values,
} from "../../src/channels/hub.ts"

let numbers = 900_000

/** A thread of which the test says what it does: what no two threads can be made to do at a certain moment. */
export class Elsewhere {
  readonly number = ++numbers
  readonly entries: Array<Entry> = []
  #requests = 0
  #pages = 0
  readonly #way = (message: ReadonlyArray<unknown>): void => {
    for (let i = 0; i < message.length; i += 3) this.entries.push(message[i + 2] as Entry)
  }

  constructor() {
    addThread(this.number, this.#way)
  }

  channel() {
    return channelFrom({ thread: this.number, channel: 1, capacity: 0, to: threadId() })
  }

  /** The last receive that waits here, its claim, and this thread's number in that. */
  received(): { readonly request: number; readonly claim: ClaimThere; readonly home: number } {
    const receive = this.entries.findLast(([kind]) => kind === Receive)
    const [, , request, place] = receive as [number, number, number, [number, number, number, number]]
    const [page, index, turn, home] = place
    const words = this.entries.find(([kind, n]) => kind === Page && n === page)![2] as ClaimPage
    return { request, claim: new ClaimThere(words, { page, index, turn, home }), home }
  }

  /** Is given a channel of this thread: its number. */
  has(channel: Channel<unknown>): number {
    return carryChannel(channel, this.number)!.channel
  }

  /** Asks to send, and waits for the answer. */
  sends(channel: number, value: unknown): void {
    this.#says([Send, channel, ++this.#requests, undefined, value, false])
  }

  /** Asks in one select to send on a channel, and then to receive from it. */
  selects(channel: number, value: unknown): void {
    const page = this.#pages++
    this.#says([Page, page, new Int32Array(new SharedArrayBuffer(4))])
    const claim = [page, 0, 0, 0]
    this.#says([Send, channel, ++this.#requests, claim, value, false])
    this.#says([Receive, channel, ++this.#requests, claim])
  }

  /** Withdraws what it has asked for, but for the last of it. */
  cancels(channel: number): void {
    this.#says([Cancel, channel, this.#requests - 1])
  }

  /** The room that this thread has promised it. */
  promised(): Promised {
    const [, , words, index] = this.entries.findLast(([kind]) => kind === Credits) as [
      number,
      number,
      Int32Array<SharedArrayBuffer>,
      number,
    ]
    return new Promised(words, index)
  }

  /** Has room for so many values from here, in its channel. */
  promises(n: number, channel = 1): Int32Array<SharedArrayBuffer> {
    const words = new Int32Array(new SharedArrayBuffer(4))
    words[0] = n
    this.#says([Credits, channel, words, 0])
    return words
  }

  /** Values come that were promised room. */
  puts(channel: number, ...values: ReadonlyArray<unknown>): void {
    this.#says([Values, channel, ...values])
  }

  /** It has a channel of this thread once less. */
  releases(channel: number): void {
    this.#says([Release, channel, 1])
  }

  /** It has given a channel of this thread to another one. */
  gives(channel: number, to: number): void {
    this.#says([Given, channel, to, 1])
  }

  answers(request: number, value: unknown): void {
    this.#says([Received, request, value, false])
  }

  /** With what can't be made here. */
  answersBroken(request: number): void {
    this.#says([Received, request, { [mark]: "shared", what: { weft: "of another version" } }, true])
  }

  /** This thread has begun to end it. */
  isTerminated(): void {
    endsSoon(this.number)
  }

  ends(): void {
    removeThread(this.number)
  }

  #says(entry: Entry): void {
    arrived([threadId(), this.number, entry], 0, this.#way)
  }
}
