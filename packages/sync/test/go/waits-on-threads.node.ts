/** What the threads of Go's tests of waits run: cond_test and waitgroup_test, on shared memory. */
import { go, gosched, type Op, run } from "@weft/core"
import {
  AtomicInt32,
  SharedBarrier,
  SharedCond,
  type SharedHandle,
  SharedMutex,
  SharedSemaphore,
  SharedWaitGroup,
} from "@weft/sync"
import { goroutines } from "./locks-on-threads.node.ts"

/** A lock, a Cond over it, and semaphores in place of Go's channels: a send is a release. */
export interface Conds {
  readonly mutex: SharedHandle<"SharedMutex">
  readonly cond: SharedHandle<"SharedCond">
  readonly running: SharedHandle<"SharedSemaphore">
  readonly awake: SharedHandle<"SharedSemaphore">
}

function partsOf(conds: Conds) {
  const m = SharedMutex.from(conds.mutex)
  const c = SharedCond.from(m, conds.cond)
  return { m, c, running: SharedSemaphore.from(conds.running), awake: SharedSemaphore.from(conds.awake) }
}

const wait = (c: SharedCond): Op<void> => c.wait().asEffect() as Op<void>

// ---- cond_test

export function waitOnce(conds: Conds): Promise<void> {
  const { awake, c, m, running } = partsOf(conds)
  return run(function* () {
    yield* m.lock()
    running.release()
    yield* wait(c)
    awake.release()
    m.unlock()
  })
}

export interface Generations extends Conds {
  readonly threads: number
  readonly n: number
  /** A semaphore of one for each waiter, one after the other: his start. */
  readonly starts: SharedArrayBuffer
  /** Plain: who woke last. */
  readonly last: Int32Array
}

export const startBytes = 16

/** Thread t has the waiters t, t + threads, ... */
export function waitInOrder({ last, n, starts, threads, ...conds }: Generations, index: number): Promise<void> {
  const { awake, c, m, running } = partsOf(conds)
  return goroutines(Math.ceil((n - index) / threads), function* (k) {
    const i = index + k * threads
    yield* SharedSemaphore.at(1, starts, startBytes * i).acquire()
    yield* m.lock()
    running.release()
    yield* wait(c)
    last[0] = i
    awake.release()
    m.unlock()
  })
}

export interface Broadcasting extends Conds {
  /** Plain: whether it is the end. */
  readonly exit: Int32Array
  /** Plain: how often each waiter woke. */
  readonly woken: Int32Array
  readonly each: number
}

export function waitAgainAndAgain({ each, exit, woken, ...conds }: Broadcasting, index: number): Promise<void> {
  const { awake, c, m, running } = partsOf(conds)
  return goroutines(each, function* (k) {
    const g = index * each + k
    yield* m.lock()
    while (exit[0] === 0) {
      running.release()
      yield* wait(c)
      woken[g] = woken[g]! + 1
      awake.release()
    }
    m.unlock()
  })
}

/** Three threads pass x on. */
export function race({ x, ...conds }: Conds & { x: Int32Array }, index: number): Promise<void> {
  const { c, m } = partsOf(conds)
  const untilX = function* (is: (x: number) => boolean): Generator<Op<unknown, unknown>, void, unknown> {
    while (!is(x[0]!)) {
      m.unlock()
      yield* gosched()
      yield* m.lock()
    }
  }
  const expectX = (wanted: number): void => {
    if (x[0] !== wanted) throw new Error(`want ${wanted}, is ${x[0]}`)
  }
  return run(function* () {
    yield* m.lock()
    if (index === 0) {
      x[0] = 1
      yield* wait(c)
      expectX(2)
      x[0] = 3
      c.signal()
    } else if (index === 1) {
      yield* untilX((x) => x === 1) as Generator<Op<unknown>, void, unknown>
      x[0] = 2
      c.signal()
    } else {
      yield* untilX((x) => x === 2 || x === 3) as Generator<Op<unknown>, void, unknown>
      if (x[0] === 2) {
        yield* wait(c)
        expectX(3)
      }
    }
    m.unlock()
  })
}

export interface Stealing extends Conds {
  /** Ends the first thread's round. */
  readonly over: SharedHandle<"SharedSemaphore">
  /** Plain: whether the newcomer may go. */
  readonly done: Int32Array
  readonly rounds: number
}

/** Thread 0 waits; thread 1 broadcasts, and has a newcomer that waits, too. `running` is the channel of both. */
export function steal({ done, over, rounds, ...conds }: Stealing, index: number): Promise<void> {
  const { awake, c, m, running } = partsOf(conds)
  const isOver = SharedSemaphore.from(over)
  return run(function* () {
    for (let i = 0; i < rounds; i++) {
      if (index === 0) {
        yield* m.lock()
        running.release()
        yield* wait(c)
        m.unlock()
        running.release()
        yield* isOver.acquire()
        continue
      }
      yield* awake.acquire()
      go(function* () {
        c.broadcast()
      })
      yield* m.lock()
      while (done[0] === 0) yield* wait(c)
      m.unlock()
      running.release()
    }
  })
}

// ---- waitgroup_test

export interface Groups {
  readonly first: SharedHandle<"SharedWaitGroup">
  readonly second: SharedHandle<"SharedWaitGroup">
  readonly exited: SharedHandle<"AtomicInt32">
  /** Begins and ends a round. */
  readonly start: SharedHandle<"SharedBarrier">
  readonly each: number
  readonly rounds: number
}

/** In each round its goroutines say that they are there, and wait for all to be let go. */
export async function passBoth(groups: Groups): Promise<void> {
  const [first, second] = [SharedWaitGroup.from(groups.first), SharedWaitGroup.from(groups.second)]
  const exited = AtomicInt32.from(groups.exited)
  const start = SharedBarrier.from(groups.start)
  for (let round = 0; round < groups.rounds; round++) {
    await run(start.wait())
    await goroutines(groups.each, function* () {
      first.done()
      yield* second.wait()
      exited.add(1)
    })
    await run(start.wait())
  }
}

export function misuseGroup(handle: SharedHandle<"SharedWaitGroup">): string {
  try {
    SharedWaitGroup.from(handle).done()
  } catch (error) {
    return String(error)
  }
  return "nothing"
}

/** Adds and is done while others wait, again and again; nobody is lost. */
export function addAndWait({
  group,
  rounds,
}: {
  group: SharedHandle<"SharedWaitGroup">
  rounds: number
}): Promise<void> {
  const wg = SharedWaitGroup.from(group)
  return goroutines(2, function* (k) {
    for (let i = 0; i < rounds; i++) {
      wg.add(1)
      if ((i + k) % 3 === 0) yield* gosched()
      wg.done()
      yield* wg.wait()
    }
  })
}

export interface Racing {
  readonly group: SharedHandle<"SharedWaitGroup">
  readonly n: SharedHandle<"AtomicInt32">
  readonly start: SharedHandle<"SharedBarrier">
  readonly rounds: number
}

export interface Going {
  readonly group: SharedHandle<"SharedWaitGroup">
  readonly n: SharedHandle<"AtomicInt32">
  readonly gate: SharedHandle<"SharedWaitGroup">
}

/** Starts 16 by `go`, and says by `gate` that they are counted. */
export function goMany({ gate, group, n }: Going): Promise<void> {
  const [wg, started] = [SharedWaitGroup.from(group), SharedWaitGroup.from(gate)]
  const count = AtomicInt32.from(n)
  return run(function* () {
    for (let i = 0; i < 16; i++)
      wg.go(function* () {
        yield* gosched()
        count.add(1)
      })
    started.done()
    yield* wg.wait()
  })
}

/** In each round, begun and ended by all together, it adds one to n and is done. */
export function workInRounds({ group, n, rounds, start }: Racing): Promise<void> {
  const wg = SharedWaitGroup.from(group)
  const count = AtomicInt32.from(n)
  const all = SharedBarrier.from(start)
  return run(function* () {
    for (let i = 0; i < rounds; i++) {
      yield* all.wait()
      if (i % 2 === 0) yield* gosched()
      count.add(1)
      wg.done()
      yield* all.wait()
    }
  })
}
