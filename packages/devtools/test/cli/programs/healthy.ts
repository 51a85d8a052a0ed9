/** A program without a fault that waits in every way there is: nothing of it is to be taken for a deadlock or a leak. */
import { after, chan, select } from "@weft/channels"
import { context, go, run, scope, sleep } from "@weft/core"
import { Cond, ErrorGroup, Mutex, RWMutex, Semaphore, WaitGroup } from "@weft/sync"

await run(function* main() {
  const mutex = new Mutex()
  const table = new RWMutex()
  const seats = new Semaphore(2)
  const lock = new Mutex()
  const changed = new Cond(lock)
  const jobs = chan<number>(2)
  const quit = chan<void>()

  for (let i = 0; i < 4; i++) {
    go.named(`locker ${i}`, function* () {
      for (;;) {
        yield* mutex.lock()
        yield* sleep(3)
        mutex.unlock()
      }
    })
    go.named(`reader ${i}`, function* () {
      for (;;) {
        yield* table.rlock()
        yield* sleep(2)
        table.runlock()
      }
    })
    go.named(`guest ${i}`, function* () {
      for (;;) {
        yield* seats.acquire()
        yield* sleep(2)
        seats.release()
      }
    })
  }
  go.named("writer", function* () {
    for (;;) {
      yield* table.lock()
      yield* sleep(1)
      table.unlock()
    }
  })
  go.named("selecting", function* () {
    for (;;) yield* select({ job: jobs.receive(), quit: quit.receive(), tick: after(5).receive() })
  })
  go.named("signalled", function* () {
    for (;;) {
      yield* lock.lock()
      yield* changed.wait()
      lock.unlock()
    }
  })
  go.named("joining", function* () {
    for (;;) {
      const first = go(function* () {
        yield* sleep(4)
      })
      const second = go(function* () {
        yield* first.join()
      })
      yield* second.join()
    }
  })
  go.named("grouping", function* () {
    for (;;) {
      const group = new WaitGroup()
      for (let i = 0; i < 3; i++)
        group.go(function* () {
          yield* sleep(i)
        })
      yield* group.wait()
      const errors = new ErrorGroup()
      errors.go(function* () {
        yield* sleep(1)
      })
      yield* errors.wait()
      yield* scope(function* (s) {
        s.go(function* () {
          yield* sleep(1)
        })
      })
    }
  })
  const [ctx, cancel] = context.withCancel(context.background)
  process.once("SIGINT", () => cancel())
  go.named("waits for its context", function* () {
    yield* ctx.done
  })
  process.once("SIGINT", () => quit.close())
  go.named("waits to quit", function* () {
    yield* quit.receive()
  })
  yield* sleep(300)
  process.stdout.write("ready\n")
  for (let i = 0; ; i++) {
    yield* jobs.send(i)
    changed.signal()
    yield* sleep(2)
  }
})
