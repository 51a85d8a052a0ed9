/**
 * The memory of a shared channel.
 *
 * Int32 words from the beginning on; each group has a cache line of its own, as different threads write them:
 *   0  HEADER    see core's shared-words.ts
 *   1  CAPACITY  how many values may be buffered, -1 for none (see shared-rendezvous.ts). Written once, by compare-and-swap from 0, by whoever makes the channel first
 *   2  CODEC     a hash of the codec's name. Written once, by compare-and-swap from 0
 *   3  STRIDE    how many Int32 words a slot has. Written once, by compare-and-swap from 0
 *   4  MENDER    the number of the thread that mends what others have left half done, or 0. By compare-and-swap
 *   16 TAIL      bits 0..30 the position of the next send; 31 CLOSED. By compare-and-swap: a send that has its position was before the close
 *   32 HEAD      the position of the next receive. By compare-and-swap
 *   48 RECEIVERS bit 0 WAITING: a thread waits to receive; above it a count of wake-ups. Senders notify it
 *   64 SENDERS   the same for threads that wait to send. Receivers notify it
 *   80 32 lines of 64 bytes, one for each thread that has sent or received, and one for all others (see claims.ts):
 *        POSITION  the first position that the thread is for, or has claimed last. Plain
 *        COUNT     how many positions from there on: positive of a send, negative of a receive, 0 if another thread has been quicker. Plain
 *        OWNER     the thread's number, 0 for none, -1 once it has ended. By compare-and-swap. Of the last line -2 once a thread has it
 *   608 the slots, a power of two of them, each 8 + bytes of the codec:
 *        SEQUENCE  Int32: says whose turn the slot is, see below
 *        RUN       Int32: how many slots after it have been given their turn by the same claim, at the latest with it; -1 within a value of several places. Plain, as SEQUENCE guards it
 *        the value, or a part of it (see spread.ts)
 *
 * Positions count round in 31 bits; position p has slot p mod slots. The slot's turn is SEQUENCE + its index (so that zeroed memory is an empty
 * channel): p if the send of position p may write it; p + 1 if it has been written and the receive of position p may read it; p + slots if that
 * is done, which is the turn of the next send. At capacity 0 p + 2 in between: taken, or taken back (see shared-rendezvous.ts). p + 2^30 if its
 * sender has ended before he had written it: receivers pass over it.
 *
 * @see Vyukov, "Bounded MPMC queue" (2010)
 */
import type { SlotMemory } from "./codec.ts"

export const Capacity = 1
/** In CAPACITY, where zero means that nobody has written it yet. */
export const Unbuffered = -1
export const CodecHash = 2
export const Stride = 3
export const Mender = 4
export const Tail = 16
export const Head = 32
export const Receivers = 48
export const Senders = 64

/** Of a line, whose first word is POSITION. */
export const LineCount = 1
export const LineOwner = 2
/** From one line to the next. */
export const Line = 16
/** How many have an owner. */
const lines = 32
export const firstLine = 80
/** For all others. */
export const lastLine: number = firstLine + Line * lines
const firstSlot: number = lastLine + Line

export const Closed: number = 1 << 31
export const Position = 0x7fffffff
/** In place of the position of a send: there is no room, or the channel is closed. */
export const Full = -1
export const Shut = -2

/** After a slot's SEQUENCE. */
export const Run = 1
/** In RUN, of a written place that is not the first one of its value: see spread.ts. */
export const Inner = -1

/** Bytes before a slot's value. */
export const slotHeader = 8

export interface Layout {
  readonly capacity: number
  readonly slots: number
  /** Int32 words of a slot. */
  readonly stride: number
  readonly words: number
}

/** How many senders, of all threads, can offer at a time where nothing is buffered. From 4 on, as p + 2 must not be p + slots. */
const offers = 8

/** The turn of a slot whose sender has ended in the middle. */
export const abandoned = (position: number): number => (position + 2 ** 30) & Position

/** Twice the slots would be needed to tell a written slot from a free one if there were but one. */
export function layoutOf(capacity: number, bytes: number): Layout {
  let slots = capacity === 0 ? offers : 2
  while (slots < capacity) slots *= 2
  const stride = (slotHeader + bytes) / 4
  return { capacity, slots, stride, words: firstSlot + slots * stride }
}

export function sequenceWord({ stride }: Layout, slot: number): number {
  return firstSlot + slot * stride
}

/** The first byte of the value. */
export function valueByte(layout: Layout, slot: number): number {
  return 4 * sequenceWord(layout, slot) + slotHeader
}

export function memoryOf(words: Int32Array): SlotMemory {
  const { buffer, byteLength, byteOffset } = words
  return {
    i32: words,
    f64: new Float64Array(buffer, byteOffset, byteLength >> 3),
    i64: new BigInt64Array(buffer, byteOffset, byteLength >> 3),
    u8: new Uint8Array(buffer, byteOffset, byteLength),
  }
}

/** FNV-1a: tells codecs apart. Never 0, which means that nobody has written it yet. */
export function hashOf(name: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193)
  return hash | 1
}
