/**
 * ThreadSet: the threads of a pool, each at its place: which of them comes to a task first, when another one is started, and when what was given to
 * them is sent.
 */
import { afterThis, later, now } from "./host.ts"
import type { Call } from "./call.ts"
import { mostQueued } from "./control.ts"
import type { Platform } from "./platform/platform.ts"
import type { PoolSettings } from "./pool-options.ts"
import { Thread, type ThreadOwner } from "./thread-handle.ts"
import { threadModule } from "./thread-main.ts"

export class ThreadSet {
  readonly #settings: PoolSettings
  readonly #platform: Platform
  readonly #owner: ThreadOwner
  readonly #places: Array<Thread | undefined> = []
  #toFlush: Array<Thread> = []
  #isFlushAsked = false
  /** The place of the thread used last. */
  #last = 0
  #count = 0

  constructor(settings: PoolSettings, platform: Platform, owner: ThreadOwner) {
    this.#settings = settings
    this.#platform = platform
    this.#owner = owner
  }

  /** Those that have not ended. */
  get all(): Array<Thread> {
    return this.#places.filter((thread) => thread !== undefined)
  }

  get count(): number {
    return this.#count
  }

  at(place: number): Thread | undefined {
    return this.#places[place]
  }

  /** The thread that will come to `call` first, if one has room. */
  leastBusy(call: Call): Thread | undefined {
    const threads = this.#places
    const n = threads.length
    let best: Thread | undefined
    let least = Infinity
    const isStarting = threads.some((thread) => thread?.isReady === false)
    const mayGrow = isStarting || this.#count < this.#settings.threads
    // From the one used last: of those with nothing to do it is the one that is still awake.
    for (let i = 0; i < n; i++) {
      const thread = threads[(this.#last + i) % n]
      if (thread === undefined || thread.room <= 0) continue
      // Its tasks may park, or never end: those that others are being started for wait for them.
      if (isStarting && thread.live > 0 && !thread.isPaceKnown) continue
      // Nobody else could take it, though that is busy for ever.
      if (mayGrow && !thread.comesAtOnce && !thread.canTakeBack(call)) continue
      const load = thread.queued + (thread.comesAtOnce ? 0 : 1)
      // Tasks that are parked there may go on at any time.
      if (load < least || (load === least && thread.live < best!.live)) {
        least = load
        best = thread
      }
    }
    if (best !== undefined) this.#last = best.index
    return best
  }

  /** The thread that has the most tasks for `thief`; first those that come to none. */
  victimOf(thief: Thread): Thread | undefined {
    let victim: Thread | undefined
    let most = 0
    for (const thread of this.#places) {
      const n = thread === undefined || thread === thief ? 0 : thread.stealableBy(thief)
      const weight = n > 0 && thread!.isStalled ? n + mostQueued : n
      if (weight <= most) continue
      most = weight
      victim = thread
    }
    return victim
  }

  /** Starts a thread for each place that is waited for, and as many as tasks wait that find none. */
  grow(places: ReadonlyArray<number>, queued: number): void {
    if (this.#count === this.#settings.threads) return
    for (const place of places) if (this.#places[place] === undefined) this.#start(place)
    let starting = this.all.filter((thread) => !thread.isReady).length
    for (let place = 0; place < this.#settings.threads && starting < queued; place++) {
      if (this.#places[place] !== undefined) continue
      this.#start(place)
      starting++
    }
  }

  #start(place: number): void {
    const { env, isExclusive, name, resourceLimits, worker } = this.#settings
    const options = { env, resourceLimits, worker }
    const threadName = `${name} ${place + 1}`
    this.#places[place] = new Thread(place, threadName, this.#platform, threadModule, options, isExclusive, this.#owner)
    this.#count++
  }

  remove(thread: Thread): void {
    this.#places[thread.index] = undefined
    this.#count--
  }

  /** Sends what a thread was given: at once if it is much, or all it has to do; else with all that this turn brings. */
  flush(thread: Thread): void {
    if (thread.isFull || thread.live === 1) return thread.flush()
    if (this.#toFlush.includes(thread)) return
    this.#toFlush.push(thread)
    if (this.#isFlushAsked) return
    this.#isFlushAsked = true
    afterThis(() => {
      this.#isFlushAsked = false
      const threads = this.#toFlush
      this.#toFlush = []
      for (const each of threads) each.flush()
    })
  }

  /** It has nothing to do: it is ended if that stays so. */
  rests(thread: Thread): void {
    const { idleMillis } = this.#settings
    if (idleMillis === Infinity) return
    const since = (thread.lastUsed = now())
    later(() => {
      if (thread.live > 0 || thread.lastUsed !== since || thread.isClosing || thread.isEnded) return
      thread.restsSince = since
      // A goroutine that a task has left there may go on: only the thread knows.
      thread.ask()
    }, idleMillis)
  }

  /** It has no goroutine left. */
  isFree(thread: Thread): void {
    if (thread.live === 0 && thread.lastUsed === thread.restsSince && !thread.isClosing) thread.close()
  }
}
