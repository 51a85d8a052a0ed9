/** What only a process of its own shows: how it ends, and what it prints when it does. */
import { describe, expect, it } from "vitest"
import { program } from "../test/support/program.node.ts"

describe.concurrent("a process", () => {
  it("exits by itself when all is done", async () => {
    const ended = await program(`
      import { go, run, sleep } from "@weft/core"
      const result = await run(function* () {
        go(function* () { yield* sleep("1 hour") })
        yield* sleep(5)
        return "done"
      })
      console.log(result)
    `)
    expect(ended).toEqual({ code: 0, stdout: "done\n", stderr: "" })
  })

  it("stays while a sleep, a promise's timer or a goroutine outside any run can still go on", async () => {
    const ended = await program(`
      import { go, Op, sleep } from "@weft/core"
      go(function* () {
        yield* sleep(20)
        yield* Op.fromPromise(new Promise((resolve) => setTimeout(resolve, 20)))
        console.log("went on")
      })
    `)
    expect(ended).toEqual({ code: 0, stdout: "went on\n", stderr: "" })
  })

  it("exits although a goroutine outside any run waits for what can't happen", async () => {
    const ended = await program(`
      import { go, never } from "@weft/core"
      go(never)
    `)
    expect(ended).toEqual({ code: 0, stdout: "", stderr: "" })
  })

  it("fails with the report where its host has nothing left to do: a deadlock is certain", async () => {
    const ended = await program(`
      import { go, never, run } from "@weft/core"
      await run(function* () {
        go.named("child", never)
        yield* never
      })
    `)
    expect(ended.code).toBe(1)
    expect(ended.stderr).toContain("DeadlockError: all goroutines are asleep - deadlock!\n\ngoroutine 1 [never]: main")
    expect(ended.stderr).toContain("[never]: child")
  })

  it("fails though it holds where its host has nothing left to do, and says so", async () => {
    const ended = await program(`
      import { hold, never, run } from "@weft/core"
      await run(function* () {
        hold()
        yield* never
      })
    `)
    expect(ended.code).toBe(1)
    expect(ended.stderr).toContain(
      "A hold() says that a host callback will wake one of them, but the host has nothing left to do.",
    )
  })

  it("fails also where a goroutine waits for a promise that nothing can settle any more", async () => {
    const ended = await program(`
      import { Op, run } from "@weft/core"
      await run(function* () {
        try {
          yield* Op.fromPromise(new Promise(() => {}))
        } finally {
          console.log("finally")
        }
      })
    `)
    expect(ended).toMatchObject({ code: 1, stdout: "finally\n" })
    expect(ended.stderr).toContain("all goroutines are asleep - deadlock!")
  })

  it("may handle the deadlock and live on", async () => {
    const ended = await program(`
      import { never, run, sleep } from "@weft/core"
      for (let i = 0; i < 2; i++) await run(never).catch((error) => console.log(error.name))
      await run(sleep(1))
      console.log("lived on")
    `)
    expect(ended).toEqual({ code: 0, stdout: "DeadlockError\nDeadlockError\nlived on\n", stderr: "" })
  })

  it("hears of no deadlock where its runs have ended before its host has nothing left to do", async () => {
    const ended = await program(`
      import { install, run } from "@weft/core"
      install({ name: "listening", setup: (runtime) => runtime.listen({ deadlock: () => console.log("deadlock") }) })
      await run(function* () {})
    `)
    expect(ended).toEqual({ code: 0, stdout: "", stderr: "" })
  })

  it("just exits with deadlock: ignore", async () => {
    const ended = await program(`
      import { never, run } from "@weft/core"
      run(never, { deadlock: "ignore" })
    `)
    expect(ended).toEqual({ code: 0, stdout: "", stderr: "" })
  })

  it.each(["certain", "fail"])("says who is stuck in a finally block, and ends (deadlock: %s)", async (deadlock) => {
    const stuck = (main: string) =>
      program(`
        import { go, never, Op, run } from "@weft/core"
        function* worker() {
          try {
            yield* never
          } finally {
            console.log("finally")
            yield* Op.fromPromise(new Promise(() => {}))
          }
        }
        await run(function* () { ${main} }, { deadlock: "${deadlock}" })
      `)
    const [deadlocked, returned, thrown, joined] = await Promise.all([
      stuck("yield* worker()"),
      stuck("go(worker); yield* Op.fromPromise(Promise.resolve())"),
      stuck("go(worker); yield* Op.fromPromise(Promise.resolve()); throw new Error('of main')"),
      stuck("const g = go(worker); yield* Op.fromPromise(Promise.resolve()); g.interrupt(); yield* g"),
    ])
    for (const { code, stderr, stdout } of [deadlocked, returned, thrown, joined]) {
      expect(code).toBe(1)
      expect(stdout).toBe("finally\n")
      expect(stderr).toContain("all goroutines are asleep - deadlock!")
    }
    expect(deadlocked.stderr).toContain("[never]: main")
    for (const { stderr } of [returned, thrown, joined]) expect(stderr).toContain("[promise]: worker")
    expect(thrown.stderr).toContain("Error: of main")
  })

  it("does not take a run for stuck whose finally block waits for another run", async () => {
    const ended = await program(`
      import { go, gosched, never, Op, run, sleep } from "@weft/core"
      import { Mailbox } from "./mailbox.ts"
      const outer = run(function* () {
        go(function* () {
          try {
            yield* never
          } finally {
            try {
              yield* Op.fromPromise(() => run(never))
            } catch (error) {
              console.log(error.name)
            }
            console.log("cleaned up")
          }
        })
        yield* gosched()
        return "over"
      })
      console.log(await outer)
      const box = new Mailbox()
      const feeding = run(function* () {
        yield* sleep(100)
        box.put("fed")
      })
      const clock = {
        now: () => performance.now(), wallNow: () => Date.now(), jump: () => false, wakeAt: () => {},
      }
      const plugin = { name: "of its own", setup: (runtime) => runtime.setClock(clock) }
      await run(function* () {
        go(function* () {
          try {
            yield* never
          } finally {
            console.log(yield* box.take)
          }
        })
        yield* gosched()
      }, { deadlock: "fail", plugins: [plugin] })
      await feeding
    `)
    expect(ended).toEqual({ code: 0, stdout: "DeadlockError\ncleaned up\nover\nfed\n", stderr: "" })
  })

  it("hears of a panic of who was left stuck, and is woken after all", async () => {
    const ended = await program(`
      import { go, gosched, never, run } from "@weft/core"
      import { Mailbox } from "./mailbox.ts"
      process.on("uncaughtException", (error) => console.log(error.name, error.cause.message))
      const box = new Mailbox()
      setTimeout(() => box.put(1), 100)
      await run(function* () {
        go(function* () {
          try {
            yield* never
          } finally {
            yield* box.take
            throw new Error("late")
          }
        })
        yield* gosched()
      }, { deadlock: "fail" }).catch((error) => console.log(error.name))
    `)
    expect(ended).toEqual({ code: 0, stdout: "DeadlockError\nGoroutinePanic late\n", stderr: "" })
  })

  it("stays up for a deadline that only a signal waits for, while a run waits for the signal, whichever run made it", async () => {
    const ended = await program(`
      import { context, Op, run } from "@weft/core"
      const clock = {
        now: () => performance.now(), wallNow: () => Date.now(), jump: () => false,
        wakeAt(when, wake, isIdle) {
          clearTimeout(this.timer)
          if (when === Infinity) return
          this.timer = setTimeout(wake, Math.max(0, when - performance.now()))
          if (isIdle) this.timer.unref()
        },
      }
      const plugin = { name: "of its own", setup: (runtime) => runtime.setClock(clock) }
      const ctx = await run(function* () {
        const [made] = context.withTimeout(context.background, 100)
        void made.signal
        return made
      }, { plugins: [plugin] })
      await run(function* () {
        yield* Op.fromPromise(() => new Promise((resolve) => ctx.signal.addEventListener("abort", resolve)))
      })
      console.log(ctx.err.name)
    `)
    expect(ended).toEqual({ code: 0, stdout: "DeadlineExceeded\n", stderr: "" })
  })

  it("ends by an uncaughtException where a goroutine outside any run panics", async () => {
    const panicking = `
      import { go } from "@weft/core"
      go.named("loner", function* () { throw new Error("boom") })
    `
    const ended = await program(panicking)
    expect(ended.code).not.toBe(0)
    expect(ended.stderr).toMatch(/GoroutinePanic: goroutine 1 \(loner\) panicked: Error: boom/)
    const handled = await program(`
      process.on("uncaughtException", (error) => console.log(error.name, error.cause.message))
      ${panicking}
    `)
    expect(handled).toEqual({ code: 0, stdout: "GoroutinePanic boom\n", stderr: "" })
  })

  it("hears of a typed failure that nobody joins in that turn outside any run, and of one that a task from another thread has left behind", async () => {
    const ended = await program(`
      import { failure, go, Op, sleep, startArrival } from "@weft/core"
      process.on("uncaughtException", (error) => console.log(error))
      function* fails(error) { throw failure(error) }
      const goroutine = go(fails, "outside")
      await new Promise((resolve) => process.once("uncaughtException", resolve))
      await goroutine.join().promise().catch(() => console.log("late"))
      let left
      const task = startArrival("task", function* () {
        left = go(function* () {
          yield* Op.fromPromise(task.join().promise())
          yield* fails("left behind")
        })
      }, [])
    `)
    expect(ended).toEqual({ code: 0, stdout: "outside\nlate\nleft behind\n", stderr: "" })
  })
})
