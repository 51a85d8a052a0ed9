import type { Goroutine } from "./goroutine.ts"

/**
 * Who runs next. Every scheduling decision of a processor goes through it, so another one can find and replay races.
 *
 * Exclusive: a `run` has one scheduler.
 *
 * @since 0.1.0
 */
export interface Scheduler {
  /** Runnable goroutines waiting for their turn. */
  readonly length: number
  /** A goroutine was started, or gave way: it runs after those that wait already. */
  push(goroutine: Goroutine<unknown, unknown>): void
  /** A goroutine was woken. It may run before those that wait already, but must not starve them. */
  pushWoken(goroutine: Goroutine<unknown, unknown>): void
  /** Takes the next one. */
  next(): Goroutine<unknown, unknown> | undefined
  /** One of `n` alternatives, each as likely: which ready case a select takes. Answers 0 to n - 1. */
  choose(n: number): number
}
