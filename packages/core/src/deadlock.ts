import { formatGoroutines, type GoroutineSnapshot } from "./snapshot.ts"

/**
 * Nothing can wake the program any more: every goroutine is parked, no timer that somebody waits on is pending, and nothing outside
 * that Weft knows of can end a wait.
 *
 * The message lists up to 100 goroutines; `goroutines` has all.
 *
 * @see Go: "fatal error: all goroutines are asleep - deadlock!"
 * @since 0.1.0
 */
export class DeadlockError extends Error {
  override readonly name = "DeadlockError"
  declare readonly goroutines: ReadonlyArray<GoroutineSnapshot>

  constructor(headline: string, goroutines: ReadonlyArray<GoroutineSnapshot>, facts: ReadonlyArray<string>) {
    const parts = [headline, formatGoroutines(goroutines), ...facts, adviceFor(goroutines)]
    super(parts.filter((part) => part !== "").join("\n\n"))
    // Not enumerable: a host that prints the error would print all of them again, after the message.
    Object.defineProperty(this, "goroutines", { value: goroutines })
    // The frames of the run loop say nothing; the goroutines' own stand in the message.
    this.stack = `${this.name}: ${this.message}`
  }
}

export const allAsleep = "all goroutines are asleep - deadlock!"
export const heldInVain =
  "A hold() says that a host callback will wake one of them, but the host has nothing left to do. Keep it up for that callback: a hold does not."
export const mainGone = "no goroutines (main called runtime.Goexit) - deadlock!"

/** What to do about the commonest causes. */
function adviceFor(goroutines: ReadonlyArray<GoroutineSnapshot>): string {
  const reasons = new Set(goroutines.map((goroutine) => goroutine.waitReason ?? ""))
  const has = (...names: ReadonlyArray<string>) => names.some((name) => reasons.has(name))
  const advice: Array<string> = []
  if (has("chan send"))
    advice.push(
      "a send waits until somebody receives: start the receiver first, or give the channel a capacity: chan(n)",
    )
  if (has("chan receive"))
    advice.push("a receive waits for a value or for close(): close the channel when the last value is sent")
  if (has("chan send (nil chan)", "chan receive (nil chan)"))
    advice.push("a nil channel is never ready: use it only to switch a select case off")
  if (has("sync.WaitGroup.Wait"))
    advice.push("a WaitGroup needs one done() for each add(1): wg.go(body) counts by itself")
  if (has("sync.Mutex.Lock", "sync.RWMutex.Lock", "sync.RWMutex.RLock"))
    advice.push(
      "take several locks in one order everywhere, and never lock again what you hold: a Mutex is not reentrant",
    )
  if (has("sync.Semaphore.Acquire"))
    advice.push("a semaphore gets its permits back by release(), and never gives more than it has")
  if (has("sync.Cond.Wait"))
    advice.push("a signal is not remembered: with the lock held, look at the condition before each wait")
  advice.push(
    'if a host callback will wake one of them, say so: `using _ = hold()`, or run(main, { deadlock: "ignore" })',
  )
  return `What to do:\n${advice.map((line) => `  - ${line}`).join("\n")}`
}

/**
 * Main returned and left goroutines behind. They are cancelled; this says which and where.
 *
 * @since 0.1.0
 */
export interface LeakReport {
  readonly message: string
  readonly goroutines: ReadonlyArray<GoroutineSnapshot>
}

export function leakReport(goroutines: ReadonlyArray<GoroutineSnapshot>): LeakReport {
  const n = goroutines.length
  const headline = `main returned and left ${n} goroutine${n === 1 ? "" : "s"} behind`
  return {
    message: [
      headline,
      formatGoroutines(goroutines),
      'What to do:\n  - wait for them (a WaitGroup, join or scope), close the channel they range over, or cancel their context;\n    { remaining: "wait" } lets run wait',
    ].join("\n\n"),
    goroutines,
  }
}
