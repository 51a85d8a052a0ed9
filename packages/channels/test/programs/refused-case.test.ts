/**
 * A select whose send has been received on another thread, which this one has not been told yet, refuses whatever else becomes ready: nothing of
 * that is lost, and nothing is left behind.
 */
import { chan, codec, fromEvent, select, sharedChan, Timer } from "@weft/channels"
import { context, currentProcessor, go, gosched, never, Op, run, scope, sleep } from "@weft/core"
import {
  Barrier,
  Latch,
  Mutex,
  RateLimiter,
  RWMutex,
  Semaphore,
  SharedMutex,
  SharedRWMutex,
  SharedSemaphore,
  SharedWaitGroup,
  WaitGroup,
} from "@weft/sync"
import { Deferred, Effect } from "effect"
import { expect, it } from "vitest"

/** An op that waits, what makes it ready, and what is then still there. */
interface Other {
  readonly op: Op<unknown, unknown>
  readonly fire: () => unknown
  readonly check?: () => Generator<Op<unknown>, void, unknown>
}

const others: Readonly<Record<string, () => Other>> = {
  "a local receive": () => {
    const ch = chan<number>()
    return { op: ch.receive(), fire: () => expect(ch.trySend(1)).toBe(false) }
  },
  "a local send": () => {
    const ch = chan<number>()
    return { op: ch.send(1), fire: () => expect(ch.tryReceive()).toBeUndefined() }
  },
  "a close": () => {
    const ch = chan<number>()
    return { op: ch.receive(), fire: () => ch.close() }
  },
  "a shared receive": () => {
    const ch = sharedChan(codec.f64, 1)
    return {
      op: ch.receive(),
      fire: () => ch.trySend(1),
      check: function* () {
        expect(yield* ch.receive()).toBe(1)
      },
    }
  },
  "an event": () => {
    const target = new EventTarget()
    const events = fromEvent(target, "x")
    return {
      op: events.receive(),
      fire: () => target.dispatchEvent(new Event("x")),
      check: function* () {
        expect((yield* events.receive())?.type).toBe("x")
        events.stop()
      },
    }
  },
  "a mutex": () => {
    const mutex = new Mutex()
    mutex.tryLock()
    return { op: mutex.lock(), fire: () => mutex.unlock(), check: checks(() => expect(mutex.tryLock()).toBe(true)) }
  },
  "an RWMutex": () => {
    const rw = new RWMutex()
    rw.tryLock()
    return { op: rw.rlock(), fire: () => rw.unlock(), check: checks(() => expect(rw.tryLock()).toBe(true)) }
  },
  "a semaphore": () => {
    const semaphore = new Semaphore(3)
    semaphore.tryAcquire(3)
    return {
      op: semaphore.acquire(2),
      fire: () => semaphore.release(2),
      check: checks(() => expect(semaphore.free).toBe(2)),
    }
  },
  "a shared mutex": () => {
    const mutex = new SharedMutex()
    mutex.tryLock()
    return { op: mutex.lock(), fire: () => mutex.unlock(), check: checks(() => expect(mutex.tryLock()).toBe(true)) }
  },
  "a shared RWMutex": () => {
    const rw = new SharedRWMutex()
    rw.tryLock()
    return { op: rw.rlock(), fire: () => rw.unlock(), check: checks(() => expect(rw.tryLock()).toBe(true)) }
  },
  "a shared semaphore": () => {
    const semaphore = new SharedSemaphore(3)
    semaphore.tryAcquire(3)
    return {
      op: semaphore.acquire(2),
      fire: () => semaphore.release(2),
      check: checks(() => expect(semaphore.free).toBe(2)),
    }
  },
  "a WaitGroup": () => {
    const wg = new WaitGroup()
    wg.add(1)
    return { op: wg.wait(), fire: () => wg.done() }
  },
  "a shared WaitGroup": () => {
    const wg = new SharedWaitGroup()
    wg.add(1)
    return { op: wg.wait(), fire: () => wg.done() }
  },
  "a latch": () => {
    const latch = new Latch(1)
    return { op: latch.wait(), fire: () => latch.countDown() }
  },
  "a barrier": () => {
    const barrier = new Barrier(2)
    return { op: barrier.wait(), fire: () => go(barrier.wait()) }
  },
  "a goroutine": () => {
    const ch = chan<number>()
    const goroutine = go(ch.receive())
    return { op: goroutine.join(), fire: () => ch.close() }
  },
  "an Effect": () => {
    const done = Deferred.makeUnsafe<number>()
    return { op: Op.fromEffect(Deferred.await(done)), fire: () => Deferred.doneUnsafe(done, Effect.succeed(1)) }
  },
  "a promise": () => {
    let resolve!: () => void
    const promise = new Promise<void>((r) => (resolve = r))
    return { op: Op.fromPromise(() => promise), fire: () => resolve() }
  },
  "an AbortSignal": () => {
    const abort = new AbortController()
    return { op: Op.fromAbortSignal(abort.signal), fire: () => abort.abort() }
  },
  "a context": () => {
    const [ctx, cancel] = context.withCancel(context.background)
    return { op: ctx.done, fire: () => cancel() }
  },
  "a scope": () => {
    const ch = chan<number>()
    return {
      op: scope(function* () {
        yield* ch.receive()
      }),
      fire: () => ch.close(),
    }
  },
  "a nested select": () => {
    const ch = chan<number>()
    return { op: select({ a: ch.receive(), b: never }), fire: () => expect(ch.trySend(1)).toBe(false) }
  },
}

function checks(f: () => void) {
  return function* (): Generator<never, void, never> {
    f()
  }
}

it.each(Object.keys(others))("is refused: %s", (name) =>
  run(function* () {
    const here = sharedChan(codec.f64, 0)
    const there = sharedChan.from(codec.f64, here.share())
    const { check, fire, op } = others[name]!()
    const selecting = go(function* () {
      return (yield* select({ sent: here.send(1), other: op as Op<unknown> })).case
    })
    yield* gosched()
    yield* gosched()
    expect(there.tryReceive()).toEqual({ ok: true, value: 1 })
    fire()
    expect(yield* selecting).toBe("sent")
    yield* sleep(1)
    expect(currentProcessor().outside).toBe(0)
    if (check !== undefined) yield* check()
  }),
)

it.each(["a sleep", "a timer", "a rate limit"])("is refused where its time comes first: %s", (name) =>
  run(function* () {
    const here = sharedChan(codec.f64, 0)
    const there = sharedChan.from(codec.f64, here.share())
    for (let isMet = false; !isMet;) {
      const limiter = new RateLimiter(1000, 1)
      limiter.allow()
      const timer = new Timer(1)
      const op = name === "a sleep" ? sleep(1) : name === "a timer" ? timer.receive() : limiter.wait()
      const selecting = go(function* () {
        return (yield* select({ sent: here.send(1), other: op })).case
      })
      yield* gosched()
      // On a busy machine the time may have come before there was anything to take.
      isMet = there.tryReceive() !== undefined
      // The host tells of nothing meanwhile, and then the timers are first.
      const until = performance.now() + 3
      while (performance.now() < until);
      yield* sleep(0)
      expect(yield* selecting).toBe(isMet ? "sent" : "other")
      if (isMet && name === "a timer") expect(yield* timer.receive()).toBeInstanceOf(Date)
    }
    expect(currentProcessor().outside).toBe(0)
  }),
)
