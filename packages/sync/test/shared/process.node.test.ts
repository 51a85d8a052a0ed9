/** What only processes of their own show: whether one stays up for what another thread may do. */
import { describe, expect, it } from "vitest"
import { program } from "../../../core/test/support/program.node.ts"

/** A worker with the handle of what `make` gives, which runs `body` after a while. */
const withWorker = (make: string, body: string) => `
  import { go, run, sleep } from "@weft/core"
  import { SharedMutex, SharedSemaphore, SharedWaitGroup } from "@weft/sync"
  import { isMainThread, Worker, workerData } from "node:worker_threads"
  const shared = ${make}
  const worker = new Worker(\`
    import { go, gosched, run, sleep } from "@weft/core"
    import { SharedMutex, SharedSemaphore, SharedWaitGroup } from "@weft/sync"
    import { workerData } from "node:worker_threads"
    ${body}
  \`, { eval: true, workerData: shared.share(), execArgv: ["--conditions=@weft/source", "--input-type=module", "--disable-warning=ExperimentalWarning"] })
  worker.unref()
`

describe.concurrent("a process", () => {
  it("exits by itself when nobody waits for another thread any more", async () => {
    const ended = await program(`
      import { go, run, sleep } from "@weft/core"
      import { select } from "@weft/channels"
      import { SharedMutex, SharedSemaphore } from "@weft/sync"
      const mutex = new SharedMutex()
      const there = SharedMutex.from(mutex.share())
      there.tryLock()
      await run(function* () {
        const waiting = go(mutex.lock())
        console.log((yield* select({ lock: mutex.lock(), late: sleep(5) })).case)
        waiting.interrupt()
        const next = go(mutex.lock())
        yield* sleep(5)
        there.unlock()
        yield* next
      })
      console.log("over")
    `)
    expect(ended).toEqual({ code: 0, stdout: "late\nover\n", stderr: "" })
  })

  it("stays up while a goroutine waits for another thread, and there is no deadlock", async () => {
    const ended = await program(`
      ${withWorker(
        "new SharedMutex()",
        `const mutex = SharedMutex.from(workerData)
        await run(function* () {
          yield* mutex.lock()
          yield* sleep(1500)
          mutex.unlock()
        })`,
      )}
      await run(function* () {
        while (!shared.locked) yield* sleep(1)
        yield* shared.lock()
        console.log("locked")
      }, { deadlock: "fail" })
    `)
    expect(ended).toEqual({ code: 0, stdout: "locked\n", stderr: "" })
  })

  it("stays up while a promise waits for another thread", async () => {
    const ended = await program(`
      ${withWorker(
        "new SharedWaitGroup()",
        `const group = SharedWaitGroup.from(workerData)
        await run(sleep(300))
        group.done()`,
      )}
      shared.add(1)
      await shared.wait().promise()
      console.log("done")
    `)
    expect(ended).toEqual({ code: 0, stdout: "done\n", stderr: "" })
  })

  it("learns by worker.threadId + 1 that a lock's owner has died, and goes on", async () => {
    const ended = await program(`
      ${withWorker(
        "new SharedMutex()",
        `const mutex = SharedMutex.from(workerData)
        await run(function* () {
          yield* mutex.lock()
          process.exit(3)
        })`,
      )}
      const number = worker.threadId + 1
      let hasEnded = false
      worker.on("exit", () => {
        hasEnded = true
        shared.threadDied(number)
      })
      await run(function* () {
        // It may have died before anybody looked, and nobody holds the lock then.
        while (!shared.locked && !hasEnded) yield* sleep(1)
        try {
          yield* shared.lock()
        } catch (error) {
          console.log(error.name)
          yield* shared.recover()
          shared.unlock()
        }
        yield* shared.lock()
        console.log("locked")
      })
    `)
    expect(ended).toEqual({ code: 0, stdout: "OwnerDied\nlocked\n", stderr: "" })
  })

  it("is not left waiting by a thread that ends with a wake-up it has no use for", async () => {
    const ended = await program(`
      ${withWorker(
        "SharedMutex.at(new SharedArrayBuffer(16), 0)",
        `const mutex = SharedMutex.from(workerData)
        const said = new Int32Array(workerData.buffer, 12)
        await run(function* () {
          yield* mutex.lock()
          const next = go(mutex.lock())
          yield* gosched()
          // Handed over in this thread: the host would still wake it, first of all.
          mutex.unlock()
          yield* next
          Atomics.store(said, 0, 1)
          while (Atomics.load(said, 0) === 1);
          mutex.unlock()
          process.exit()
        })`,
      )}
      const said = new Int32Array(shared.share().buffer, 12)
      await run(function* () {
        while (Atomics.load(said, 0) === 0) yield* sleep(1)
        const waiting = go(shared.lock())
        yield* sleep(1)
        Atomics.store(said, 0, 2)
        yield* waiting
        console.log("locked")
      })
    `)
    expect(ended).toEqual({ code: 0, stdout: "locked\n", stderr: "" })
  })

  it("signals who waits, though a thread that gave up its wait, and one that waited, have ended by themselves", async () => {
    const ended = await program(`
      import { context, go, Op, run, sleep } from "@weft/core"
      import { SharedCond, SharedMutex } from "@weft/sync"
      import { once } from "node:events"
      import { Worker } from "node:worker_threads"
      const mutex = new SharedMutex()
      const cond = new SharedCond(mutex)
      const ending = (body) => once(new Worker(\`
        import { context, go, run, sleep } from "@weft/core"
        import { SharedCond, SharedMutex } from "@weft/sync"
        import { workerData } from "node:worker_threads"
        const mutex = SharedMutex.from(workerData[0])
        const cond = SharedCond.from(mutex, workerData[1])
        await run(function* () {
          yield* mutex.lock()
          \${body}
        })
      \`, { eval: true, workerData: [mutex.share(), cond.share()], execArgv: ["--conditions=@weft/source", "--input-type=module", "--disable-warning=ExperimentalWarning"] }), "exit")
      await run(function* () {
        const waiter = () => go(function* () {
          yield* mutex.lock()
          yield* cond.wait()
          mutex.unlock()
        })
        const first = waiter()
        yield* sleep(5)
        const gaveUp = yield* Op.fromPromise(() => ending(\`
          try { yield* cond.wait(context.withTimeout(context.background, 20)[0]) } catch {}
          mutex.unlock()
        \`))
        // Woken without a signal: each looks again.
        yield* first
        const second = waiter()
        yield* sleep(5)
        const waited = yield* Op.fromPromise(() => ending(\`
          setTimeout(() => process.exit(), 50)
          yield* cond.wait()
        \`))
        yield* second
        const third = waiter()
        yield* sleep(5)
        cond.signal()
        yield* third
        console.log(gaveUp[0], waited[0], "woken")
      })
    `)
    expect(ended).toEqual({ code: 0, stdout: "0 0 woken\n", stderr: "" })
  })
})
