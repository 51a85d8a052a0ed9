/**
 * RemoteChannel: a channel of another thread, as goroutines here use it.
 *
 * Each op that waits here is a request there, where the channel's own waiting lists order it among all others. It happens there, once, by the claim of
 * its wait (claims.ts); what comes of it follows by message. So the laws are the channel's own: a value reaches one receiver, an unbuffered send ends
 * when it was received, and a select commits one case, wherever its channels are.
 *
 * Invariants:
 *   1. A request is in `requests` from its op's enqueue until its answer came, or it was cancelled and can have none.
 *   2. A value whose request was withdrawn goes back to its channel; if it can't be made here, that is left to who receives next here.
 */
import { Channel, ChannelClosed, Ended, SeveralOffers } from "@weft/channels"
import { type Elsewhere, NotReady, Op, type Waiter, WaitList } from "@weft/core"
import { asTold, type NotCloneable, notMade, valueSent } from "../not-cloneable.ts"
import { ChannelLost } from "./channel-lost.ts"
import { type Claim, Claims, type Fate, homeWord } from "./claims.ts"
import type { Promised } from "./credits.ts"
import { isDoomed } from "./fates.ts"
import {
  Cancel,
  Close,
  Drained,
  type Entry,
  GiveBack,
  Missed,
  NotMade,
  Page,
  post,
  postValue,
  Receive,
  Received,
  Refused,
  Send,
  Sent,
  Unsendable,
} from "./hub.ts"
import { pack, type Sending, Unmade, unpacked } from "./payload.ts"

const claims = new Claims()
/** Which of this thread's pages another one has. */
const pagesSent = new Map<number, number>()
const requests = new Map<number, Request>()
let lastRequest = 0

/** One wait, with all its requests: cases of one select share it. */
class Wait implements Elsewhere {
  readonly claim: Claim | undefined = claims.take()
  readonly requests: Set<Request> = new Set<Request>()
  readonly comesLater: boolean = true
  /** Ready when what is on its way to a wait that was given up has come, and gone back. */
  readonly settled: WaitList = new WaitList()
  settling: Waiter | undefined
  isOver = false
  /** The threads that it has asked. */
  readonly #homes: Array<number> = []

  homeNumber(thread: number): number {
    const known = this.#homes.indexOf(thread)
    return known < 0 ? this.#homes.push(thread) - 1 : known
  }

  takeBack(): boolean {
    return this.claim === undefined || this.claim.withdraw((number) => this.#fateOf(number, undefined))
  }

  /** `thread` has ended. False: the case of another one has happened, and what comes of it is on its way. */
  endsWith(thread: number): boolean {
    return this.claim === undefined || this.claim.withdraw((number) => this.#fateOf(number, thread))
  }

  #fateOf(number: number, ended: number | undefined): Fate {
    const threads = this.#homes.filter((_thread, i) => homeWord(i) === number)
    if (threads.every((thread) => thread === ended)) return "ended"
    return threads.every(isDoomed) ? "ending" : "runs"
  }

  offerAgain(): void {
    this.claim?.offer()
  }

  settles(waiter: Waiter): boolean {
    return this.settling === waiter
  }

  remove(request: Request): void {
    this.requests.delete(request)
    if (this.requests.size === 0) this.end()
  }

  end(): void {
    if (this.isOver) return
    this.isOver = true
    if (this.claim !== undefined) claims.giveBack(this.claim)
    this.settled.commitAll(undefined)
  }
}

export interface Request {
  readonly id: number
  readonly channel: RemoteChannel<unknown>
  readonly wait: Wait
  /** Undefined once it was withdrawn. */
  waiter: Waiter | undefined
  readonly isSend: boolean
  readonly value: unknown
}

/** Where a channel is: the thread that made it, and its number there. */
export interface ChannelPlace {
  readonly thread: number
  readonly channel: number
  readonly capacity: number
}

export class RemoteChannel<T> extends Channel<T> {
  readonly place: ChannelPlace
  #promised: Promised | undefined
  /** Sends that wait for an answer: whoever comes later must not overtake them. */
  #sends = 0
  #isLost = false
  #isDrained = false
  /** What came for a receive that was given up, and can't be made here. */
  #unmade: Unmade | undefined

  constructor(place: ChannelPlace) {
    super()
    this.place = place
  }

  protected get kind(): string {
    return `${this.place.capacity === 0 ? "unbuffered" : `capacity ${this.place.capacity}`}, of thread ${this.place.thread}`
  }
  /** What is buffered is in another thread. */
  get length(): number {
    return 0
  }
  get capacity(): number {
    return this.place.capacity
  }

  pollSend(value: T): unknown {
    if (this.isClosed) throw sendOnClosed(value)
    if (this.#isLost) throw new ChannelLost(this.place.thread)
    return this.#promised?.isAny === true && this.#sends === 0 && this.#put(this.#promised, value)
      ? undefined
      : NotReady
  }
  pollReceive(): unknown {
    const unmade = this.#unmade
    if (unmade !== undefined) {
      this.#unmade = undefined
      throw notMadeHere(unmade)
    }
    if (this.#isDrained) return Ended
    if (this.#isLost) throw new ChannelLost(this.place.thread)
    return NotReady
  }

  override enqueueReceiver(waiter: Waiter): void {
    this.#request(waiter, false, undefined)
  }
  override dequeueReceiver(waiter: Waiter): void | Op<void> {
    return this.#withdraw(waiter)
  }
  override enqueueSender(waiter: Waiter): void {
    this.#request(waiter, true, waiter.slot)
  }
  override dequeueSender(waiter: Waiter): void | Op<void> {
    return this.#withdraw(waiter)
  }

  override close(): void {
    super.close()
    post(this.place.thread, [Close, this.place.channel])
  }

  giveBack(value: T | Unmade): void {
    if (value instanceof Unmade) return void (this.#unmade = value)
    const sending = pack(value, this.place.thread)
    post(this.place.thread, [GiveBack, this.place.channel, sending.value, sending.isCarried], sending)
  }

  lost(): void {
    this.#isLost = true
  }

  /** @internal Nothing comes any more. */
  drained(): void {
    this.isClosed = true
    this.#isDrained = true
  }

  /** @internal There is room for some values, by and by. */
  promise(promised: Promised): void {
    this.#promised = promised
  }

  /** Only what no other thread has a part in goes without an answer. */
  #put(promised: Promised, value: T): boolean {
    const { channel, thread } = this.place
    const sending = pack(value, thread)
    const isPlain = !sending.isCarried && sending.transfer.length === 0
    if (!isPlain) sending.release()
    if (!isPlain || !promised.take()) return false
    postValue(thread, channel, sending.value)
    return true
  }

  #request(waiter: Waiter, isSend: boolean, value: unknown): void {
    // Packed before anything is registered: what can't be sent is refused, and no claim is kept for it.
    const sending = isSend ? pack(value, this.place.thread) : undefined
    const wait = waitOf(waiter)
    const request: Request = { id: ++lastRequest, channel: this, wait, waiter, isSend, value }
    waiter.slot = request
    wait.requests.add(request)
    requests.set(request.id, request)
    if (isSend) this.#sends++
    this.#ask(request, sending)
  }

  #ask({ id, wait }: Request, sending: Sending | undefined): void {
    const { channel, thread } = this.place
    const { claim } = wait
    if (claim !== undefined) sendPages(thread)
    const place = claim === undefined ? undefined : [claim.page, claim.index, claim.turn, wait.homeNumber(thread)]
    if (sending === undefined) post(thread, [Receive, channel, id, place])
    else post(thread, [Send, channel, id, place, sending.value, sending.isCarried], sending)
  }

  #withdraw(waiter: Waiter): void | Op<void> {
    const request = waiter.slot as Request | undefined
    if (request === undefined || !requests.has(request.id)) return undefined
    request.waiter = undefined
    const { wait } = request
    // Another case of its select is being committed by what came: nothing more can happen to this one.
    if (wait.isOver || wait.settling !== undefined || wait.takeBack()) return this.cancel(request)
    return arrivalOf(wait)
  }

  /** @internal Its answer has come, or none will. */
  forget(request: Request): void {
    if (requests.delete(request.id) && request.isSend) this.#sends--
  }

  /** @internal */
  cancel(request: Request): void {
    // Without a claim it may have happened: then an answer is on its way, and its value goes back.
    if (request.wait.claim !== undefined) this.forget(request)
    request.wait.remove(request)
    post(this.place.thread, [Cancel, this.place.channel, request.id])
  }

  /** It is asked again: when it was, another case was about to happen. */
  askAgain(request: Request): void {
    this.#ask(request, request.isSend ? pack(request.value, this.place.thread) : undefined)
  }
}

function waitOf(waiter: Waiter): Wait {
  const { offer } = waiter
  if (offer instanceof Wait && !offer.isOver) return offer
  const wait = new Wait()
  if (waiter.happensElsewhere(wait)) return wait
  wait.end()
  throw new SeveralOffers("a channel of another thread")
}

function arrivalOf(wait: Wait): Op<void> {
  return Op.make<void>({
    name: "channel of another thread",
    poll: () => (wait.isOver ? undefined : NotReady),
    enqueue: (waiter) => (wait.isOver ? void waiter.commit(undefined) : wait.settled.push(waiter)),
    dequeue: (waiter) => wait.settled.remove(waiter),
  })
}

function sendPages(thread: number): void {
  for (let page = pagesSent.get(thread) ?? 0; page < claims.pages.length; page++) {
    post(thread, [Page, page, claims.pages[page]])
    pagesSent.set(thread, page + 1)
  }
}

/** What a channel's thread answers. */
export function answered(entry: Entry): void {
  const [kind, id] = entry as [number, number]
  const request = requests.get(id)
  if (request === undefined) return
  const { channel, wait, waiter } = request
  if (kind === Missed) {
    if (waiter === undefined) channel.forget(request)
    else channel.askAgain(request)
    return
  }
  channel.forget(request)
  // A closed channel's end stays: the next receive need not ask.
  if (kind === Drained) channel.drained()
  const value = kind === Received ? unpacked(entry, 2) : kind === NotMade ? new Unmade(entry[2] as string) : entry
  wait.settling = waiter
  const isTaken = waiter !== undefined && settle(kind, waiter, request, value)
  if (kind === Received && !isTaken) channel.giveBack(value)
  wait.requests.delete(request)
  // Those of a wait that was given up while this was on its way.
  for (const other of [...wait.requests]) other.channel.cancel(other)
  wait.end()
}

function settle(kind: number, waiter: Waiter, request: Request, value: unknown): boolean {
  waiter.slot = undefined
  if (value instanceof Unmade) {
    waiter.fail(notMadeHere(value))
    return true
  }
  if (kind === Unsendable) {
    const [, , message, path] = value as readonly [number, number, string, string]
    waiter.fail(asTold(message, path, request.value))
    return true
  }
  if (kind === Refused) {
    request.channel.isClosed = true
    waiter.fail(sendOnClosed(request.value))
    return true
  }
  return waiter.commit(kind === Drained ? Ended : kind === Sent ? undefined : value) !== false
}

const notMadeHere = ({ why }: Unmade): NotCloneable => notMade(undefined, valueSent, why)

const sendOnClosed = (value: unknown): ChannelClosed => new ChannelClosed("send on closed channel", value)

/** A thread has ended: whoever waits for a channel of its fails, unless what has happened at another one is on its way. */
export function channelsLost(thread: number, all: Iterable<RemoteChannel<unknown>>): void {
  for (const channel of all) if (channel.place.thread === thread) channel.lost()
  for (const request of [...requests.values()]) {
    if (request.channel.place.thread !== thread) continue
    const { wait, waiter } = request
    const isDecidedHere = !wait.isOver && wait.settling === undefined && wait.endsWith(thread)
    request.channel.forget(request)
    wait.requests.delete(request)
    if (!isDecidedHere) continue
    wait.settling = waiter
    if (waiter !== undefined) {
      waiter.slot = undefined
      waiter.fail(new ChannelLost(thread))
    }
    // Those of a wait that was given up meanwhile.
    for (const other of [...wait.requests]) other.channel.cancel(other)
    wait.end()
  }
  pagesSent.delete(thread)
}
