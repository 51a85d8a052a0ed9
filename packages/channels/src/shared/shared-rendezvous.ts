/**
 * SharedRendezvous: what a shared channel of capacity 0 has in place of a queue. Its memory: ring-layout.ts, with CAPACITY -1.
 *
 * A sender offers its value in a slot of the ring, as a send of a buffered channel writes it; a receiver claims the front offer by
 * compare-and-swap of HEAD. Then the offer is settled, once, by compare-and-swap of its slot's SEQUENCE from p + 1 to p + 2: by the receiver,
 * who then has the value; or by its sender, who has withdrawn it. Whoever comes second leaves it, and whoever has claimed the slot frees it.
 *
 *   free (p) --offer--> offered (p + 1) --settle, by one of both--> settled (p + 2) --by who claimed HEAD--> free (p + slots)
 *
 * Invariants, beside those of the ring:
 *   1. A send has happened when its offer has been settled by a receiver. Its sender learns it from SEQUENCE, which is p + 1 until then.
 *   2. A receiver offers nothing, so a receive, in a select too, is decided by its own thread alone.
 *   3. Of a select at most one case is offered at a time. Before another case is committed the offer is withdrawn; if that comes too late, the
 *      offer is what the select has committed (see `Waiter.happensElsewhere`).
 *
 * A thread that ends leaves its offers: they are received, or wait for that. One that it had not written yet is passed over: see claims.ts.
 *
 * @see Reppy, Russo, Xiao, "Parallel Concurrent ML" (2009)
 */
import { type Elsewhere, NotReady, type Waiter } from "@weft/core"
import { sendOnClosed } from "../closed.ts"
import { Ended } from "../receive.ts"
import { abandoned, Full, Head, Position, Shut, Tail } from "./ring-layout.ts"
import { Lot, type Sending } from "./ring-lots.ts"
import { SeveralOffers } from "./several-offers.ts"
import { SharedRing } from "./shared-ring.ts"

export class SharedRendezvous<T> extends SharedRing<T> {
  /** Tries only while a receiver waits in this thread: one of another thread would have to wake up first. */
  override send(encoded: unknown, value: unknown): boolean {
    if (this.receivers.waiters.head === null) {
      if (this.closed) throw sendOnClosed(value)
      return false
    }
    const position = this.claimAndWrite(encoded)
    if (position === Shut) throw sendOnClosed(value)
    if (position < 0) return false
    this.receivers.tellOne()
    if (!this.settle(position)) return true
    this.sweep()
    this.senders.tellOne()
    return false
  }

  /** Those who wait in front have offered before, and are received before. */
  override trySend(encoded: unknown, value: unknown): boolean {
    return this.send(encoded, value)
  }

  /** Who can't have it, as it is what his own select offers, is in nobody's way. */
  override receiverFrom(front: Waiter): Waiter | null {
    if (!this.isReceivable()) return null
    if (this.kept.length > 0) return front
    let waiter: Waiter | null = front
    while (waiter !== null && this.isOnlyOwn(waiter)) waiter = waiter.next
    return waiter
  }

  /** Whether nothing is offered but by the waiter's own select. If others stand behind that, it is taken back for one of those. */
  private isOnlyOwn({ offer }: Waiter): boolean {
    if (!(offer instanceof Offering) || !offer.isOf(this.words)) return false
    return (
      offer.position === Atomics.load(this.words, Head) &&
      Atomics.load(this.words, Tail) === ((offer.position + 1) & Position)
    )
  }

  override claimAndRead(): unknown {
    const { words } = this
    for (;;) {
      const head = Atomics.load(words, Head)
      this.seenHead = head
      const sequence = this.sequenceOf(head)
      const turn = this.turnOf(head, sequence)
      const next = (head + 1) & Position
      if (turn === abandoned(head)) {
        this.passOver(head)
        continue
      }
      if (turn === next || turn === ((head + 2) & Position)) {
        if (this.claim(Head, head, next, -1) !== head) continue
        const isMine = this.settle(head)
        try {
          if (isMine) return this.rawAt(sequence)
        } finally {
          this.free(head, sequence)
        }
        // Senders may wait for a slot, and nobody else would tell them of this one.
        this.hasFreed = true
        continue
      }
      if (((next - turn) & Position) < Position >>> 1) {
        // Nothing is offered. The end, if nothing will be any more.
        const tail = Atomics.load(words, Tail)
        return tail < 0 && (tail & Position) === Atomics.load(words, Head) ? Ended : NotReady
      }
    }
  }

  override sendMany(): number {
    return 0
  }

  protected override readMany(most: number): Array<unknown> | typeof NotReady | typeof Ended {
    return this.readEach(most)
  }

  /** Takes or withdraws an offer; false: the other side was quicker. */
  settle(position: number): boolean {
    const sequence = this.sequenceOf(position)
    const slot = this.slotOf(position)
    const offered = ((position + 1) & Position) - slot
    const settled = ((position + 2) & Position) - slot
    return Atomics.compareExchange(this.words, sequence, offered, settled) === offered
  }

  isOffered(position: number): boolean {
    return this.turnOf(position, this.sequenceOf(position)) === ((position + 1) & Position)
  }

  /** Frees the slots of withdrawn offers that stand in front: nobody may come to receive them. */
  sweep(): void {
    for (;;) {
      const head = Atomics.load(this.words, Head)
      const sequence = this.sequenceOf(head)
      const turn = this.turnOf(head, sequence)
      if (turn === abandoned(head)) this.passOver(head)
      else if (turn !== ((head + 2) & Position)) return
      else if (this.claim(Head, head, (head + 1) & Position, -1) === head) this.free(head, sequence)
    }
  }

  private free(position: number, sequence: number): void {
    Atomics.store(this.words, sequence, ((position + this.layout.slots) & Position) - this.slotOf(position))
  }

  override get length(): number {
    return this.kept.length
  }

  protected override senderLot(words: Int32Array, word: number): Lot {
    return new OfferLot(words, word, this)
  }
}

/** Those of this thread who wait to send. */
class OfferLot extends Lot {
  declare protected readonly ring: SharedRendezvous<unknown>

  override park(waiter: Waiter): void {
    const offering = new Offering(this, waiter, waiter.slot as Sending)
    if (!waiter.happensElsewhere(offering)) throw new SeveralOffers(`a shared channel of ${this.ring.codec.name}`)
    waiter.slot = offering
    super.park(waiter)
  }

  override withdraw(waiter: Waiter): void {
    const { position } = waiter.slot as Offering
    if (position >= 0 && this.ring.settle(position)) this.ring.sweep()
    super.withdraw(waiter)
    // A slot may be free for those behind it.
    this.tellOne()
  }

  /** Somebody has taken an offer, or a slot is free: all look, as one can't tell whose it was. */
  override tellOne(): void {
    this.tellOthers()
    if (this.waiters.head !== null) this.attend(false)
  }

  override tellOthers(): void {
    this.tellThreads(Atomics.load(this.words, this.word), Infinity)
  }

  protected override serve(): number {
    const seen = this.setWaiting()
    let isOffered = false
    for (let waiter = this.waiters.head; waiter !== null;) {
      const offering = waiter.slot as Offering
      const outcome = this.look(offering)
      if (outcome === NoSlot) break
      if (outcome === Offered) isOffered = true
      if (outcome === Offered || outcome === Waits) waiter = waiter.next
      else {
        this.waiters.remove(waiter)
        if (outcome === Taken) this.grant(waiter, undefined)
        else this.refuse(waiter, sendOnClosed(offering.sending.value))
        // From the front again: a fiber runs on inside its commit, and others may have come or gone.
        waiter = this.waiters.head
      }
    }
    if (isOffered) this.ring.receivers.tellOne()
    return seen
  }

  private look(offering: Offering): number {
    const { ring } = this
    if (offering.position >= 0) {
      if (!ring.isOffered(offering.position)) return Taken
      if (!ring.closed) return Waits
      return ring.settle(offering.position) ? Refused : Taken
    }
    if (offering.isPaused) return Waits
    const position = ring.claimAndWrite(offering.sending.encoded)
    if (position === Shut) return Refused
    if (position === Full) return NoSlot
    offering.position = position
    return Offered
  }

  /** False: it has been taken, and the waiter is in no list any more. */
  unoffer(offering: Offering): boolean {
    const { position, waiter } = offering
    if (position < 0) return true
    if (this.ring.settle(position)) {
      offering.position = -1
      this.ring.sweep()
      this.tellThreads(Atomics.load(this.words, this.word), Infinity)
      return true
    }
    this.waiters.remove(waiter)
    this.forget(waiter)
    return false
  }

  protected override passOn(): void {
    // All are woken at once.
  }
}

/** What a look at one who waits to send has come to. */
const Waits = 0
const Offered = 1
const Taken = 2
const Refused = 3
const NoSlot = 4

/** The slot of one who waits to send. */
class Offering implements Elsewhere {
  readonly waiter: Waiter
  readonly sending: Sending
  /** Where it is offered, -1 while it is not. */
  position = -1
  /** Another case of its select is about to be committed. */
  isPaused = false
  readonly #lot: OfferLot

  constructor(lot: OfferLot, waiter: Waiter, sending: Sending) {
    this.#lot = lot
    this.waiter = waiter
    this.sending = sending
  }

  /** Whether it is offered in this memory: other objects may be attached to it. */
  isOf(words: Int32Array): boolean {
    const { buffer, byteOffset } = this.#lot.words
    return buffer === words.buffer && byteOffset === words.byteOffset
  }

  takeBack(): boolean {
    this.isPaused = true
    return this.#lot.unoffer(this)
  }

  offerAgain(): void {
    this.isPaused = false
    this.#lot.goOn()
  }
}
