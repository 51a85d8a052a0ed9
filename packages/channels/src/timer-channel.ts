/**
 * TimerChannel: a channel on which a timer sends the times at which it fired.
 *
 * It holds a place in the processor's timer heap only while somebody waits to receive: one that nobody waits on keeps no process alive
 * and can be collected. What it would have sent meanwhile is found out from the clock, when asked.
 *
 * Invariants:
 *   1. due is the time of the oldest firing not yet received, or Infinity: the one place of Go's buffer.
 *   2. The alarm is set exactly while receivers are parked and due is finite.
 *   3. A receiver of a run with a clock of its own counts there as one whom something outside will wake.
 */
import { accessed, Alarm, currentProcessor, made, NotReady, type Processor, type Waiter, WaitList } from "@weft/core"
import { Receiver } from "./receiver.ts"

export abstract class TimerChannel extends Receiver<Date> {
  protected readonly processor: Processor = currentProcessor()
  /** By the processor's clock, in milliseconds. */
  protected due: number = Infinity
  readonly #receivers: WaitList = new WaitList()
  readonly #alarm: Alarm = new Alarm(() => this.#ring())

  constructor() {
    super()
    made(this)
  }

  /** The firing after the one at `due`, as seen at `now`; Infinity if that was the last. */
  protected abstract after(due: number, now: number): number

  get length(): number {
    return 0
  }
  get capacity(): number {
    return 0
  }
  get closed(): boolean {
    return false
  }
  get receiveName(): string {
    return "chan receive"
  }
  get receiveDetail(): string {
    if (this.due === Infinity) return "a timer that is not running"
    return `a timer due in ${Math.max(0, Math.ceil(this.due - this.processor.clock.now()))} ms`
  }

  pollReceive(): unknown {
    const now = this.processor.clock.now()
    if (this.due > now) return NotReady
    if (this.#receivers.isEmpty) return this.#take(now)
    // Whoever is parked came first, and the alarm is about to ring. Not here: a fiber would run on in the middle of a select's poll.
    return NotReady
  }

  enqueueReceiver(waiter: Waiter): void {
    this.#receivers.push(waiter)
    if (this.#isOutside(waiter)) waiter.processor.outside++
    this.#arm()
  }

  dequeueReceiver(waiter: Waiter): void {
    this.#receivers.remove(waiter)
    if (this.#isOutside(waiter)) waiter.processor.outside--
    if (this.#receivers.isEmpty) this.processor.stopTimer(this.#alarm)
  }

  /** Whether a firing, due or not, was prevented. */
  protected schedule(due: number): boolean {
    accessed(this)
    const wasRunning = this.due !== Infinity
    this.processor.stopTimer(this.#alarm)
    this.due = due
    this.#arm()
    return wasRunning
  }

  /** He keeps another time than the timer, so that nobody there knows when he will be woken. */
  #isOutside(waiter: Waiter): boolean {
    return waiter.processor !== this.processor
  }

  #arm(): void {
    if (this.due === Infinity || this.#receivers.isEmpty || this.#alarm.index >= 0) return
    this.processor.startTimer(this.#alarm, this.due - this.processor.clock.now())
  }

  #ring(): void {
    const receiver = this.#receivers.head
    if (receiver === null) return
    // Its select is over: the tick is for the next.
    if (!receiver.mayCommit()) return this.#arm()
    this.#receivers.remove(receiver)
    const fired = this.#take(this.processor.clock.now())
    this.#arm()
    if (this.#isOutside(receiver)) receiver.processor.outside--
    receiver.commit(fired)
  }

  #take(now: number): Date {
    const { due } = this
    const { clock } = this.processor
    this.due = this.after(due, now)
    return new Date(clock.wallNow() - (clock.now() - due))
  }
}
