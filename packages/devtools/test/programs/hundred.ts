/**
 * A hundred programs without a fault, side by side: each a chain of parts drawn by its seed, through which values go round for ever. Whatever waits in them is woken
 * sooner or later.
 */
import { after, chan, type Channel, type Receiver, select } from "@weft/channels"
import { context, go, joinAll, type Op, run, scope, sleep } from "@weft/core"
import { Barrier, Cond, Latch, Mutex, RWMutex, Semaphore, WaitGroup } from "@weft/sync"

type Part = (input: Receiver<number>, output: Channel<number>) => Generator<Op<unknown>, unknown, unknown>

/** A linear congruential generator: 0 <= below(n) < n. */
function random(seed: number) {
  let state = seed * 2654435761 + 1
  return function below(n: number): number {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * n)
  }
}

/** Takes from its input and gives to its output, by way of something to wait for. */
function partsOf(below: (n: number) => number): ReadonlyArray<Part> {
  const pause = () => sleep(below(4))
  return [
    function* relay(input, output) {
      for (;;) yield* output.send((yield* input.receive()) ?? 0)
    },
    function* locked(input, output) {
      const [lock, other] = [new Mutex(), new Mutex()]
      const helper = function* () {
        for (;;) {
          // Both always in the same order.
          yield* lock.lock()
          yield* other.lock()
          yield* pause()
          other.unlock()
          lock.unlock()
          yield* sleep(1)
        }
      }
      go(helper)
      go(helper)
      for (;;) {
        const value = yield* input.receive()
        yield* lock.lock()
        yield* output.send(value ?? 0)
        lock.unlock()
      }
    },
    function* shared(input, output) {
      const table = new RWMutex()
      go(function* reader() {
        for (;;) {
          yield* table.rlock()
          yield* pause()
          table.runlock()
          yield* sleep(1)
        }
      })
      for (;;) {
        const value = yield* input.receive()
        yield* table.lock()
        yield* pause()
        table.unlock()
        yield* output.send(value ?? 0)
      }
    },
    function* permitted(input, output) {
      const permits = new Semaphore(1 + below(3))
      const worker = function* () {
        for (;;) {
          const value = yield* input.receive()
          yield* permits.acquire()
          yield* pause()
          permits.release()
          yield* output.send(value ?? 0)
        }
      }
      yield* joinAll([go(worker), go(worker), go(worker)])
    },
    function* selecting(input, output) {
      for (;;) {
        const hit = yield* select({ value: input.receive(), late: after(1 + below(5)).receive() })
        if (hit.case === "value") yield* output.send(hit.value ?? 0)
      }
    },
    function* signalled(input, output) {
      const changed = new Cond(new Mutex())
      const values: Array<number> = []
      go(function* producer() {
        for (;;) {
          const value = yield* input.receive()
          yield* changed.locker.lock()
          values.push(value ?? 0)
          changed.signal()
          changed.locker.unlock()
        }
      })
      for (;;) {
        yield* changed.locker.lock()
        while (values.length === 0) yield* changed.wait()
        const value = values.shift()!
        changed.locker.unlock()
        yield* output.send(value)
      }
    },
    function* grouped(input, output) {
      for (;;) {
        const value = yield* input.receive()
        const group = new WaitGroup()
        const [barrier, latch] = [new Barrier(2), new Latch(1)]
        for (let i = 0; i < 2; i++)
          group.go(function* () {
            yield* barrier.wait()
            yield* pause()
            if (i === 0) latch.countDown()
            else yield* latch.wait()
          })
        yield* group.wait()
        yield* output.send(value ?? 0)
      }
    },
    function* bounded(input, output) {
      for (;;) {
        const value = yield* input.receive()
        const [ctx] = context.withTimeout(context.background, 1 + below(3))
        yield* scope(function* (s) {
          s.go(function* () {
            yield* ctx.done
          })
        })
        yield* output.send(value ?? 0)
      }
    },
  ]
}

/** A ring of parts with fewer values in it than there is room for. */
function* program(seed: number) {
  const below = random(seed)
  const parts = partsOf(below)
  const length = 2 + below(3)
  const channels = Array.from({ length }, (_, i) => chan<number>(i === 0 ? 4 : below(3)))
  for (let i = 0; i < length; i++)
    go.named(`${seed}.${i}`, parts[below(parts.length)]!, channels[i]!, channels[(i + 1) % length]!)
  for (let i = 0; i < 2; i++) yield* channels[0]!.send(i)
  for (;;) yield* sleep(50)
}

const running = Array.from({ length: 100 }, (_, seed) => run(() => program(seed)))
console.log("ready")
await Promise.all(running)
