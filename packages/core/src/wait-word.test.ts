import { go, NotReady, Op, run, type Waiter, WaitWord } from "@weft/core"
import { afterEach, beforeEach, describe, expect, it, type Mock, vi } from "vitest"
import { parked } from "../test/support/idle.ts"

/** Permits in a word: whoever waits takes one. */
class Permits extends WaitWord {
  readonly log: Array<string> = []
  /** What another thread does after `serve` has read the word. */
  meanwhile: (() => void) | undefined
  readonly #heard: Array<() => void> = []

  constructor() {
    super(new Int32Array(new SharedArrayBuffer(4)), 0)
  }

  /** As another thread: so many permits more, and all are notified. */
  give(count: number): void {
    Atomics.add(this.words, this.word, count)
    Atomics.notify(this.words, this.word)
  }

  /** Once the host has called back. */
  heard(): Promise<void> {
    return new Promise((resolve) => this.#heard.push(resolve))
  }

  take(): Op<void> {
    return new Take(this)
  }

  protected override serve(isWoken: boolean): number {
    if (isWoken) this.#tell("woken")
    for (;;) {
      const free = Atomics.load(this.words, this.word)
      const { head } = this.waiters
      this.meanwhile?.()
      if (head === null || free === 0) return free
      Atomics.sub(this.words, this.word, 1)
      this.waiters.shift()
      this.grant(head, undefined)
    }
  }

  protected override passOn(): void {
    this.#tell("passed on")
  }

  #tell(what: string): void {
    this.log.push(what)
    for (const resolve of this.#heard.splice(0)) resolve()
  }
}

class Take extends Op<void> {
  readonly name = "take"
  declare private readonly permits: Permits

  constructor(permits: Permits) {
    super()
    this.permits = permits
  }
  override get on(): object {
    return this.permits
  }
  poll(): unknown {
    return NotReady
  }
  enqueue(waiter: Waiter): void {
    this.permits.park(waiter)
  }
  dequeue(waiter: Waiter): void {
    this.permits.withdraw(waiter)
  }
}

describe("WaitWord", () => {
  let asked: Mock<(words: Int32Array, index: number, value: number) => unknown>

  beforeEach(() => {
    asked = vi.spyOn(Atomics as unknown as { waitAsync: typeof asked }, "waitAsync")
  })
  afterEach(() => {
    asked.mockRestore()
  })

  it("asks the host once for a thread and word, however many goroutines wait, and again after each wake-up while some do", () =>
    run(function* () {
      const permits = new Permits()
      const all = []
      for (let i = 0; i < 100; i++) all.push(yield* parked(go(permits.take())))
      expect(asked).toHaveBeenCalledExactlyOnceWith(permits.words, 0, 0)
      permits.give(1)
      yield* all[0]!
      expect(asked).toHaveBeenCalledTimes(2)
      permits.give(99)
      for (const goroutine of all) yield* goroutine
      expect(asked).toHaveBeenCalledTimes(2)
    }))

  it("asks for each word apart", () =>
    run(function* () {
      const both = [new Permits(), new Permits()]
      const all = []
      for (const permits of both) for (let i = 0; i < 3; i++) all.push(yield* parked(go(permits.take())))
      expect(asked).toHaveBeenCalledTimes(2)
      for (const permits of both) permits.give(3)
      for (const goroutine of all) yield* goroutine
    }))

  it("does not ask where the word changes between the look and the question, but looks again", () =>
    run(function* () {
      const permits = new Permits()
      permits.meanwhile = () => {
        permits.meanwhile = undefined
        permits.give(1)
      }
      yield* permits.take()
      expect(asked).toHaveBeenCalledExactlyOnceWith(permits.words, 0, 0)
      expect(asked.mock.results[0]!.value).toMatchObject({ async: false })
    }))

  it("stays asked after its last waiter, and passes on a wake-up that nobody needs any more", () =>
    run(function* () {
      const permits = new Permits()
      const first = yield* parked(go(permits.take()))
      first.interrupt()
      const second = yield* parked(go(permits.take()))
      expect(asked).toHaveBeenCalledTimes(1)
      second.interrupt()
      const heard = permits.heard()
      permits.give(1)
      yield* Op.fromPromise(() => heard)
      expect(permits.log).toEqual(["passed on"])
    }))

  it("serves those who wait where it is woken, and asks again", () =>
    run(function* () {
      const permits = new Permits()
      const waiting = yield* parked(go(permits.take()))
      const heard = permits.heard()
      Atomics.notify(permits.words, permits.word)
      yield* Op.fromPromise(() => heard)
      expect([permits.log, waiting.status]).toEqual([["woken"], "waiting"])
      expect(asked).toHaveBeenCalledTimes(2)
      permits.give(1)
      yield* waiting
    }))
})
