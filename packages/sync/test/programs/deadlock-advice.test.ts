/** A deadlock report knows waits by their names, which the packages above core give them. */
import { chan, nil } from "@weft/channels"
import { DeadlockError, run, type Op } from "@weft/core"
import { Cond, type CondWait, Mutex, RWMutex, Semaphore, WaitGroup } from "@weft/sync"
import { expect, it } from "vitest"

type Waits = Op<unknown, unknown> | CondWait

const locked = new RWMutex()
locked.tryLock()

const causes: ReadonlyArray<[cause: string, make: () => Waits, advice: string]> = [
  ["a send", () => chan<number>().send(1), "start the receiver first, or give the channel a capacity"],
  ["a receive", () => chan<number>().receive(), "close the channel when the last value is sent"],
  ["a send on nil", () => nil<number>().send(1), "a nil channel is never ready"],
  ["a receive from nil", () => nil<number>().receive(), "a nil channel is never ready"],
  ["a wait for a group", () => counting(1).wait(), "a WaitGroup needs one done() for each add(1)"],
  ["a lock", () => held().lock(), "a Mutex is not reentrant"],
  ["a write lock", () => locked.lock(), "a Mutex is not reentrant"],
  ["a read lock", () => locked.rlock(), "a Mutex is not reentrant"],
  ["an acquisition", () => new Semaphore(1).acquire(2), "a semaphore gets its permits back by release()"],
  ["a wait for a signal", () => new Cond(held()).wait(), "a signal is not remembered"],
]

function counting(n: number): WaitGroup {
  const group = new WaitGroup()
  group.add(n)
  return group
}

function held(): Mutex {
  const mutex = new Mutex()
  mutex.tryLock()
  return mutex
}

it.each(causes)("a report says what to do about %s that waits for ever, and that alone", async (_, make, advice) => {
  const error: unknown = await run(() => waiting(make()), { deadlock: "fail" }).catch((error: unknown) => error)
  expect(error).toBeInstanceOf(DeadlockError)
  const [, list] = (error as DeadlockError).message.split("What to do:\n")
  const lines = list!.split("\n")
  expect(lines[0]).toContain(advice)
  // The last is for what a host callback would wake.
  expect(lines).toHaveLength(2)
})

function* waiting(op: Waits) {
  yield* op
}
