/**
 * The goroutines of one thread that wait for a shared ring: to receive, or to send.
 *
 * RECEIVERS and SENDERS are event counts. Who waits sets WAITING, looks again, and waits for the word to change; who has sent clears
 * WAITING, adds one and notifies one thread. In between both have written and read in one order that all agree with, so one of them sees the
 * other: no wake-up is lost. A woken thread sets WAITING again, as others may wait whom nobody would tell otherwise, and wakes the next if
 * it leaves something behind.
 */
import { NotReady, type Waiter, WaitWord } from "@weft/core"
import { sendOnClosed } from "../closed.ts"
import { Full, Shut } from "./ring-layout.ts"
import type { SharedRing } from "./shared-ring.ts"

const Waiting = 1

/** Those of this thread who wait to receive, or to send. */
export abstract class Lot extends WaitWord {
  protected readonly ring: SharedRing<unknown>

  constructor(words: Int32Array, word: number, ring: SharedRing<unknown>) {
    super(words, word)
    this.ring = ring
  }

  /** There is something for one who waits. */
  abstract tellOne(): void

  /** The same, to those of other threads only. */
  abstract tellOthers(): void

  /** Lets those go on who can now. False: somebody of this thread still waits. */
  goOn(): boolean {
    if (this.waiters.head !== null) this.attend(false)
    return this.waiters.head === null
  }

  /** Wakes so many other threads that wait. */
  protected tellThreads(seen: number, count: number): void {
    for (let event = seen; (event & Waiting) !== 0;) {
      const found = Atomics.compareExchange(this.words, this.word, event, (event + 2) & ~Waiting)
      if (found === event) {
        Atomics.notify(this.words, this.word, count)
        return
      }
      event = found
    }
  }

  tellAll(): void {
    Atomics.add(this.words, this.word, 2)
    Atomics.notify(this.words, this.word, Infinity)
    if (this.waiters.head !== null) this.attend(false)
  }

  protected setWaiting(): number {
    for (;;) {
      const event = Atomics.load(this.words, this.word)
      const seen = event | Waiting
      if (seen === event || Atomics.compareExchange(this.words, this.word, event, seen) === event) return seen
    }
  }
}

/** How often a thread with nothing else to do looks before it waits: some microseconds at most, few once that was in vain. */
const mostLooks = 1000
const leastLooks = 8
/** After so many times in vain it looks for longer again. */
const patience = 64

/** Those who are served one after the other, each as soon as there is something for him. */
abstract class QueueLot extends Lot {
  #looks = mostLooks
  #patience = patience

  /** Serves the front waiter if that is possible now. */
  protected abstract serveFront(front: Waiter): boolean

  /** Whether a waiter, of any thread, could be served, by a look. */
  protected abstract looksReady(): boolean

  /** The same for who is about to wait, as quick as it can be, and disturbing the other side as little. It need not be right. */
  protected abstract seemsReady(): boolean

  override park(waiter: Waiter): void {
    if (waiter.processor.scheduler.length === 0) this.lookAround()
    super.park(waiter)
  }

  /** Looks whether another thread is about to let a waiter go on: being woken takes far longer. */
  private lookAround(): void {
    for (let left = this.#looks; left > 0; left--)
      if (this.seemsReady()) {
        this.#looks = mostLooks
        return
      }
    this.#looks = this.#looks > leastLooks ? this.#looks >> 1 : --this.#patience > 0 ? leastLooks : mostLooks
    if (this.#looks === mostLooks) this.#patience = patience
  }

  override tellOne(): void {
    if (this.waiters.head !== null) this.attend(false)
    this.tellOthers()
  }

  override tellOthers(): void {
    // Asked here, so that it is not a call of its own where nobody waits.
    const event = Atomics.load(this.words, this.word)
    if ((event & Waiting) !== 0) this.tellThreads(event, 1)
  }

  protected override serve(isWoken: boolean): number {
    // WAITING makes the next of the other side notify, so it is not set for one who need not wait. Whoever was woken sets it for others.
    if (!isWoken && this.serveAll()) return 0
    const seen = this.setWaiting()
    // Looked at with WAITING set: whoever changes it from here on tells.
    if (this.serveAll() && this.looksReady()) Atomics.notify(this.words, this.word, 1)
    return seen
  }

  /** False: one must wait. */
  private serveAll(): boolean {
    for (let front = this.waiters.head; front !== null; front = this.waiters.head)
      if (!this.serveFront(front)) return false
    return true
  }

  /** Its select is over, so its own withdrawal comes too. */
  protected leaveOut(front: Waiter): boolean {
    this.withdraw(front)
    return true
  }

  /** There was nothing after all. */
  protected keep(front: Waiter): boolean {
    front.waitsOn()
    return false
  }

  /** Other threads may wait: let them be told of the next, and of what there is. */
  protected override passOn(): void {
    this.setWaiting()
    if (this.looksReady()) Atomics.notify(this.words, this.word, 1)
  }
}

export class ReceiverLot extends QueueLot {
  protected override serveFront(front: Waiter): boolean {
    const waiter = this.ring.receiverFrom(front)
    if (waiter === null) return false
    if (!waiter.mayCommit()) return this.leaveOut(waiter)
    const { senders } = this.ring
    try {
      const read = this.ring.nextRaw()
      if (read === NotReady) {
        this.keep(waiter)
        if (this.ring.takeFreed()) senders.tellOne()
        return false
      }
      // Before any code of the user's runs, which may use the channel.
      this.waiters.remove(waiter)
      senders.tellOthers()
      // Unless that code has decided his select: then it is the next one's.
      if (!this.grant(waiter, this.ring.opened(read))) this.ring.keepRead(read)
    } catch (error) {
      this.waiters.remove(waiter)
      this.refuse(waiter, error)
      senders.tellOthers()
    }
    this.ring.takeFreed()
    // Not before he has it: he may wait to send as well, by another case of his select.
    senders.goOn()
    return true
  }
  protected override looksReady(): boolean {
    return this.ring.isReceivable()
  }
  protected override seemsReady(): boolean {
    return this.ring.seemsReceivable()
  }
}

/** The slot of one who waits to send. */
export interface Sending {
  readonly encoded: unknown
  readonly value: unknown
}

export class SenderLot extends QueueLot {
  protected override serveFront(front: Waiter): boolean {
    const { encoded, value } = front.slot as Sending
    if (this.ring.closed) {
      this.waiters.shift()
      this.refuse(front, sendOnClosed(value))
      return true
    }
    if (!this.ring.isSendable()) return false
    if (!front.mayCommit()) return this.leaveOut(front)
    const position = this.ring.claimAndWrite(encoded)
    // Shut meanwhile, it is looked at again.
    if (position === Full) return this.keep(front)
    if (position === Shut) return true
    this.waiters.shift()
    this.grant(front, undefined)
    this.ring.receivers.tellOne()
    return true
  }
  protected override looksReady(): boolean {
    return this.ring.isSendable()
  }
  protected override seemsReady(): boolean {
    return this.ring.seemsSendable()
  }
}
