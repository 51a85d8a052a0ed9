/**
 * Home: the channels of this thread that others have, and what goroutines of other threads wait for at them.
 *
 * Invariants:
 *   1. A channel is in `homes` while another thread may have it (see carry-channel.ts), or waits for it. A thread that has ended has nothing.
 *   2. A request of another thread stands in its channel's own list of waiters, as if a goroutine of this thread did.
 *   3. Whoever is found withdrawn is told so (Missed), as he may be offered again; whoever is busy is looked at again in a later turn.
 */
import { type Channel, Ended } from "@weft/channels"
import { currentProcessor, NotReady, type Processor, Waiter } from "@weft/core"
import { afterThis, later } from "../host.ts"
import { Claiming, type ClaimPage, ClaimThere, Offered, Withdrawn } from "./claims.ts"
import { Lines } from "./credits.ts"
import {
  Cancel,
  Close,
  Drained,
  type Entry,
  GiveBack,
  Given,
  Missed,
  NotMade,
  Page,
  post,
  Receive,
  Received,
  Refused,
  Release,
  Send,
  Sent,
  Unsendable,
  Values,
} from "./hub.ts"
import { toldOf } from "../not-cloneable.ts"
import { pack, type Sending, Unmade, unpacked } from "./payload.ts"

interface Home {
  readonly channel: Channel<unknown>
  /** How often each thread has it. Below zero: who gave it to a thread says so later than that has released it. */
  readonly holders: Map<number, number>
  /** What is promised to threads that send; undefined for a channel that promises nothing. */
  readonly lines: Lines | undefined
  /** By thread, then by request. */
  readonly waiters: Map<number, Map<number, ThereWaiter>>
}

const homes = new Map<number, Home>()
const numbers = new WeakMap<Channel<unknown>, number>()
/** Pages of claims, by the thread whose they are. */
const pages = new Map<number, Array<ClaimPage>>()
/** Threads that have ended: what others say of them later does not count. */
const ended = new Set<number>()
let last = 0

/** A channel's number for other threads; `thread` has it from now on. */
export function heldBy(thread: number, channel: Channel<unknown>): number {
  const number = numbers.get(channel) ?? ++last
  numbers.set(channel, number)
  const home = homes.get(number) ?? {
    channel,
    holders: new Map(),
    lines: Lines.of(channel, number),
    waiters: new Map(),
  }
  homes.set(number, home)
  hold(home, thread, 1)
  return number
}

/** `thread` has it once less. */
export function releasedBy(thread: number, number: number): void {
  const home = homes.get(number)
  if (home !== undefined) hold(home, thread, -1)
}

function hold(home: Home, thread: number, times: number): void {
  const { holders } = home
  const held = (holders.get(thread) ?? 0) + times
  if (held === 0 || ended.has(thread)) holders.delete(thread)
  else holders.set(thread, held)
  if (!((holders.get(thread) ?? 0) > 0)) home.lines?.drop(thread)
  else if (times < 0) home.lines?.tell(thread)
  dropIfDone(home)
}

/** It has come back. */
export function channelHere(number: number): Channel<unknown> | undefined {
  return homes.get(number)?.channel
}

export function asked(from: number, entry: Entry): void {
  const [kind, number] = entry as [number, number]
  if (kind === Page) return addPage(from, number, entry[2] as ClaimPage)
  const home = homes.get(number)
  if (home === undefined) return
  switch (kind) {
    case Receive:
    case Send:
      return serve(waiterOf(home, from, entry))
    case Cancel:
      return cancel(home, from, entry[2] as number)
    case Values:
      return came(home, from, entry)
    case Close:
      if (!home.channel.closed) home.channel.close()
      return
    case GiveBack: {
      const value = unpacked(entry, 2)
      // Who had it has gone, and nobody else can have it.
      return value instanceof Unmade ? undefined : home.channel.giveBack(value)
    }
    case Release:
      return hold(home, from, -(entry[2] as number))
    case Given:
      return hold(home, entry[2] as number, entry[3] as number)
  }
}

/** A thread has ended: nobody there waits any more, or has anything. */
export function forgetThread(thread: number): void {
  pages.delete(thread)
  ended.add(thread)
  for (const home of homes.values()) {
    const { holders, waiters } = home
    for (const waiter of waiters.get(thread)?.values() ?? []) waiter.leave()
    waiters.delete(thread)
    holders.delete(thread)
    home.lines?.drop(thread)
    dropIfDone(home)
  }
}

function dropIfDone({ channel, holders, waiters }: Home): void {
  if (waiters.size === 0 && ![...holders.values()].some((times) => times > 0)) homes.delete(numbers.get(channel)!)
}

/** [Values, channel, ...values]: none for one that could not be sent. */
function came({ lines }: Home, from: number, entry: Entry): void {
  if (entry.length === 2) return lines!.missed(from)
  for (let i = 2; i < entry.length; i++) lines!.came(from, entry[i])
  // When those who received it have made room.
  afterThis(() => lines!.lend(from))
}

function addPage(from: number, page: number, words: ClaimPage): void {
  const ofThread = pages.get(from) ?? []
  ofThread[page] = words
  pages.set(from, ofThread)
}

/** [Receive, channel, request, claim] or [Send, channel, request, claim, value, is carried] */
function waiterOf(home: Home, from: number, entry: Entry): ThereWaiter {
  type Place = [page: number, index: number, turn: number, home: number]
  const [kind, , request, place] = entry as [number, number, number, Place | undefined]
  const claim = place === undefined ? undefined : claimAt(from, ...place)
  const waiter = new ThereWaiter(
    home,
    from,
    request,
    claim,
    kind === Send,
    kind === Send ? unpacked(entry, 4) : undefined,
  )
  const ofThread = home.waiters.get(from) ?? new Map<number, ThereWaiter>()
  home.waiters.set(from, ofThread.set(request, waiter))
  return waiter
}

function claimAt(from: number, page: number, index: number, turn: number, home: number): ClaimThere {
  return new ClaimThere(pages.get(from)![page]!, { page, index, turn, home })
}

/** The claim of whoever is looked at now, and who of the same select was met meanwhile: a select never meets itself. */
let looking: ClaimThere | undefined
let ownCases: Array<ThereWaiter> = []

/** Lets the op happen if it can; otherwise it waits in the channel's list. */
function serve(waiter: ThereWaiter): void {
  const { claim, home } = waiter
  if (claim !== undefined && !claim.begin()) return waiter.refused()
  let raw: unknown
  let error: unknown
  const ready = waiter.isSend || home.channel.capacity > 0 ? undefined : firstThatGoes(waiter)
  looking = claim
  try {
    if (waiter.value instanceof Unmade) error = waiter.value
    else raw = waiter.isSend ? home.channel.pollSend(waiter.value) : home.channel.pollReceive()
  } catch (thrown) {
    error = thrown
  }
  looking = undefined
  const hasHappened = error !== undefined || raw !== NotReady
  if (hasHappened) {
    claim?.finish()
    const isReady = ready !== undefined && ready.raw === raw
    if (!isReady) ready?.sending.release()
    waiter.answer(error ?? raw, error !== undefined, isReady ? ready.sending : undefined)
  } else {
    ready?.sending.release()
    claim?.goBack()
    waiter.wait()
  }
  const own = ownCases
  ownCases = []
  for (const other of own)
    // Where it has happened they never can, and in their list would keep others from room that there is, until they are cancelled.
    if (hasHappened) other.forget()
    else other.wait()
}

/**
 * What the first of this thread's goroutines sends that wait for a receiver, made ready for the one that has come. Those whose value can't go there fail,
 * as it is they that could not send it.
 */
function firstThatGoes({ home, from }: ThereWaiter): { readonly raw: unknown; readonly sending: Sending } | undefined {
  const { senders } = home.channel
  for (let sender = senders.head; sender !== null && !(sender instanceof ThereWaiter); sender = senders.head) {
    const raw = sender.slot
    try {
      return { raw, sending: pack(raw, from) }
    } catch (error) {
      senders.remove(sender)
      sender.fail(error)
    }
  }
  return undefined
}

function cancel({ waiters }: Home, from: number, request: number): void {
  const waiter = waiters.get(from)?.get(request)
  if (waiter === undefined) return
  waiter.leave()
  waiter.forget()
  // Without a claim whoever cancelled waits for an answer: the op may have happened.
  if (waiter.claim === undefined) post(from, [Missed, request])
}

const againMillis = 0

/** A goroutine of another thread. */
class ThereWaiter extends Waiter {
  readonly processor: Processor = currentProcessor()
  readonly home: Home
  readonly claim: ClaimThere | undefined
  readonly isSend: boolean
  readonly value: unknown
  readonly from: number
  readonly #request: number

  constructor(
    home: Home,
    from: number,
    request: number,
    claim: ClaimThere | undefined,
    isSend: boolean,
    value: unknown,
  ) {
    super()
    this.home = home
    this.from = from
    this.#request = request
    this.claim = claim
    this.isSend = isSend
    this.value = value
  }

  wait(): void {
    const { channel } = this.home
    if (!this.isSend) return channel.enqueueReceiver(this)
    this.slot = this.value
    channel.enqueueSender(this)
  }

  leave(): void {
    const { channel } = this.home
    if (this.isSend) void channel.dequeueSender(this)
    else void channel.dequeueReceiver(this)
  }

  forget(): void {
    const { home } = this
    const ofThread = home.waiters.get(this.from)
    ofThread?.delete(this.#request)
    if (ofThread?.size === 0) home.waiters.delete(this.from)
    dropIfDone(home)
  }

  commit(raw: unknown): boolean {
    const { claim } = this
    if (claim !== undefined && !claim.begin()) {
      this.refused()
      return false
    }
    let sending: Sending | undefined
    try {
      if (!this.isSend && raw !== Ended) sending = pack(raw, this.from)
    } catch (error) {
      // Thrown in the goroutine that sends. Where it does not send now, a message has come that made room, whoever receives is told.
      if (currentProcessor().current !== null) {
        claim?.goBack()
        this.#waitFirst()
        throw error
      }
    }
    claim?.finish()
    this.answer(raw, false, sending)
    return true
  }

  /** Again, as it was before it was taken out to be committed. */
  #waitFirst(): void {
    const { receivers } = this.home.channel
    const others = receivers.shiftAll()
    this.wait()
    for (const other of others) receivers.push(other)
  }

  fail(error: unknown): void {
    if (this.claim === undefined || this.claim.take()) this.answer(error, true)
    else this.refused()
  }

  /** Its wait is over, or is not offered now. */
  refused(): void {
    const { claim } = this
    if (claim === undefined) return
    if (looking !== undefined && looking.is(claim)) ownCases.push(this)
    else {
      const state = claim.state()
      // Another thread looks at the same select, or did: it may have found that nothing of its own can happen. Or it is offered again by now.
      if (state === Claiming || state === Offered) later(() => this.again(), againMillis)
      else {
        this.forget()
        if (state === Withdrawn) post(this.from, [Missed, this.#request])
      }
    }
  }

  /** Unless it was cancelled, or its thread has ended, meanwhile. */
  again(): void {
    if (this.home.waiters.get(this.from)?.get(this.#request) === this) serve(this)
  }

  /** `sending`: what it receives, made ready. */
  answer(raw: unknown, isThrown = false, sending?: Sending): void {
    this.forget()
    const request = this.#request
    if (isThrown) return post(this.from, raw instanceof Unmade ? [NotMade, request, raw.why] : [Refused, request])
    if (this.isSend) {
      post(this.from, [Sent, request])
      const { lines } = this.home
      if (lines !== undefined) afterThis(() => lines.sent(this.from))
      return
    }
    if (raw === Ended) return post(this.from, [Drained, request])
    try {
      const { isCarried, value } = (sending ??= pack(raw, this.from))
      post(this.from, [Received, request, value, isCarried], sending)
    } catch (error) {
      // It was buffered, and whoever sent it has gone on: whoever receives is told.
      post(this.from, [Unsendable, request, ...toldOf(error)])
    }
  }
}
