/**
 * Hub: what the channels of this thread and of others say to each other, and by which way.
 *
 * Threads form a tree: each knows the one that started it, and those it has started. A message for a thread that nobody below is goes up. What is said in
 * one turn goes in one message; but structured clone copies when a message is posted, and keeps what the values of one message have in common.
 *
 * Invariants:
 *   1. A message holds at most one object that this thread has sent: receivers share nothing. Those of other threads, which it passes on, are copies.
 *   2. Such a message is posted at once: its sender goes on, and may change the object. So the outbox holds none.
 */
import { threadId } from "@weft/core"
import { afterThis, later } from "../host.ts"
import { toldOf } from "../not-cloneable.ts"
import { doom } from "./fates.ts"
import type { Sending } from "./payload.ts"

/** To a channel's thread. */
export const Receive = 0
export const Send = 1
export const Cancel = 2
export const Close = 3
export const GiveBack = 4
/** A page of claims, before the first claim that lies in it. */
export const Page = 5
/** The thread has it so many times less. */
export const Release = 6
/** Another thread is given it. */
export const Given = 7
/** Values that were promised room. */
export const Values = 8
/** From a channel's thread. */
export const Received = 9
export const Drained = 10
export const Sent = 11
export const Refused = 12
export const Missed = 13
/** What was sent, or is to be, can't go to another thread: why, and where that is in it. */
export const Unsendable = 14
/** Where it promises room. */
export const Credits = 15
/** A thread has ended. */
export const Gone = 16
/** To the threads above: a thread has been started. */
const Added = 17
/** What was sent can't be made again where it came, and why. */
export const NotMade = 18

/** [one of the above, ...] */
export type Entry = ReadonlyArray<unknown>

type Way = (message: ReadonlyArray<unknown>, transfer: ReadonlyArray<object>) => void
type Listener = (from: number, entry: Entry) => void

/** Threads below: those that this one has started, and those that they have. */
const down = new Map<number, Way>()
/** Whatever is not below. */
let up: Way | undefined
let listener: Listener | undefined
const goneListeners: Array<(thread: number) => void> = []

interface Waiting {
  /** (to, from, entry)* */
  readonly message: Array<unknown>
  /** What was packed for some of the entries. */
  readonly sendings: Map<Entry, Sending>
}

/** Entries that wait for the end of this turn. */
let outbox = new Map<Way, Waiting>()

/** Before the first channel goes to another thread. */
export function listen(onEntry: Listener): void {
  listener = onEntry
}

/** Calls back for each thread of the program that has ended. */
export function whenGone(tell: (thread: number) => void): void {
  goneListeners.push(tell)
}

/** In a pool's thread: the way to the one that started it. */
export function setUp(way: Way): void {
  up = way
}

export function addThread(thread: number, way: Way): void {
  down.set(thread, way)
  if (up === undefined) return
  put(up, everybody, threadId(), [Added, thread])
  // Before anything that comes from there, by whatever message.
  flush()
}

/** This thread ends one that it has started, and all below it: they may still do something. */
export function endsSoon(thread: number): void {
  const way = down.get(thread)
  for (const [number, its] of down) if (its === way) doom(number)
}

/** A thread that this one has started has ended, and all below it: all others hear of it. */
export function removeThread(thread: number): void {
  const way = down.get(thread)
  if (way === undefined) return
  const ended = [...down].filter((entry) => entry[1] === way).map(([number]) => number)
  for (const number of ended) {
    const entry: Entry = [Gone, number]
    doom(number)
    gone(number)
    putAround(undefined, threadId(), entry)
  }
}

function gone(thread: number): void {
  down.delete(thread)
  for (const tell of goneListeners) tell(thread)
}

/** In the place of a thread's number. */
const everybody = 0

export function post(to: number, entry: Entry, sending?: Sending): void {
  const me = threadId()
  if (to === me) return afterThis(() => listener?.(me, entry))
  const way = wayTo(to)
  if (way !== undefined) put(way, to, me, entry, sending)
  else afterThis(() => gone(to))
}

/** A message has come, by the way `back` from below, or from above: those for other threads go on. */
export function arrived(message: ReadonlyArray<unknown>, first: number, back: Way | undefined = up): void {
  const me = threadId()
  for (let i = first; i < message.length; i += 3) {
    const to = message[i] as number
    const from = message[i + 1] as number
    const entry = message[i + 2] as Entry
    if (to === everybody) heard(entry, from, back)
    else if (to === me) {
      if (entry[0] === Gone) gone(entry[1] as number)
      else listener?.(from, entry)
    } else {
      const way = wayTo(to)
      if (way !== undefined && way !== back) put(way, to, from, entry)
      // Nobody here knows it: it has ended before.
      else if (back !== undefined) put(back, from, me, [Gone, to])
    }
  }
}

/** What goes to all. */
function heard(entry: Entry, from: number, back: Way | undefined): void {
  const thread = entry[1] as number
  if (entry[0] === Added) {
    down.set(thread, back!)
    if (up !== undefined) put(up, everybody, from, entry)
  } else {
    gone(thread)
    putAround(back, from, entry)
  }
}

const wayTo = (thread: number): Way | undefined => down.get(thread) ?? up

/** To all neighbours but the one that it came from. */
function putAround(back: Way | undefined, from: number, entry: Entry): void {
  const ways = new Set(down.values())
  if (up !== undefined) ways.add(up)
  for (const way of ways) if (way !== back) put(way, everybody, from, entry)
}

function put(way: Way, to: number, from: number, entry: Entry, sending?: Sending): void {
  const isAtOnce = sending !== undefined && isObject(sending.value)
  if (outbox.size === 0 && !isAtOnce) afterThis(flush)
  let waiting = outbox.get(way)
  if (waiting === undefined) outbox.set(way, (waiting = { message: [], sendings: new Map() }))
  waiting.message.push(to, from, entry)
  if (sending !== undefined) waiting.sendings.set(entry, sending)
  if (isAtOnce) flush()
}

const isObject = (value: unknown): boolean => typeof value === "object" && value !== null

const mostValues = 64

/** A value that was promised room: it goes with those before it. */
export function postValue(to: number, channel: number, value: unknown): void {
  const message = outbox.get(wayTo(to)!)?.message
  const last = message?.at(-1) as Array<unknown> | undefined
  // Not to one of another thread's that goes through here: each is promised room of its own.
  if (last?.[0] === Values && last[1] === channel && message!.at(-3) === to && message!.at(-2) === threadId())
    last.push(value)
  else post(to, [Values, channel, value])
  // The first goes at once, too: its sender may now compute for long, or block the thread until it is answered.
  if (isObject(value) || !hasPostedValue || (last !== undefined && last.length > mostValues)) flush()
  if (hasPostedValue) return
  hasPostedValue = true
  afterThis(() => (hasPostedValue = false))
}

/** In this turn. */
let hasPostedValue = false

/** Sends what waits: a thread that is about to sleep does so at once. */
export function flush(): void {
  if (outbox.size === 0) return
  const all = outbox
  outbox = new Map()
  for (const [way, waiting] of all) {
    try {
      const transfer: Array<object> = []
      for (const sending of waiting.sendings.values()) transfer.push(...sending.transfer)
      way(waiting.message, transfer)
    } catch {
      // Of what only the host can tell: an entry that it can't clone must not take the others with it. Nothing was sent.
      sendApart(way, waiting)
    }
  }
}

function sendApart(way: Way, { message, sendings }: Waiting): void {
  for (let i = 0; i < message.length; i += 3) {
    const [to, from, entry] = message.slice(i, i + 3) as [number, number, Entry]
    const sending = sendings.get(entry)
    try {
      way([to, from, entry], sending?.transfer ?? [])
    } catch (error) {
      sending?.release()
      if (entry[0] === Received) way([to, from, [Unsendable, entry[1], ...toldOf(error)]], [])
      else if (entry[0] === Send && from === threadId()) {
        // As an answer comes, after this: whoever sends has only just begun to wait.
        const answer: Entry = [Unsendable, entry[2], ...toldOf(error)]
        afterThis(() => listener?.(to, answer))
      } else if (entry[0] === Values) valuesApart(way, to, from, entry)
    }
  }
}

/** Its sender has gone on: that it could not be sent nobody is left to hear but the program. */
function valuesApart(way: Way, to: number, from: number, [, channel, ...values]: Entry): void {
  for (const value of values)
    try {
      way([to, from, [Values, channel, value]], [])
    } catch (error) {
      way([to, from, [Values, channel]], [])
      later(() => {
        throw error
      }, 0)
    }
}
