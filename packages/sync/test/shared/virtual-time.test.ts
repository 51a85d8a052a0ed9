/** What waits for shared memory that no other thread can have is waited for as anything else in virtual time. */
import { codec, select, sharedChan } from "@weft/channels"
import { DeadlockError, go, run, sleep } from "@weft/core"
import { explore, synctest, virtualTime, waitIdle } from "@weft/core/testing"
import { SharedMutex, SharedWaitGroup } from "@weft/sync"
import { describe, expect, it } from "vitest"

describe("virtual time, where somebody waits for shared memory", () => {
  it("goes on to a select's timeout", async () => {
    const outcome = await synctest(function* () {
      const [channel, mutex] = [sharedChan(codec.i32, 1), new SharedMutex()]
      yield* mutex.lock()
      return (yield* select({ value: channel.receive(), lock: mutex.lock(), late: sleep("1 minute") })).case
    })
    expect(outcome).toBe("late")
  })

  it("goes on to who wakes it", async () => {
    const log: Array<string> = []
    await synctest(function* () {
      const [group, mutex] = [new SharedWaitGroup(), new SharedMutex()]
      group.add(1)
      yield* mutex.lock()
      const waiting = [go(group.wait()), go(mutex.lock())]
      yield* waitIdle()
      log.push("idle")
      go(function* () {
        yield* sleep("1 minute")
        group.done()
        mutex.unlock()
      })
      for (const each of waiting) yield* each
      log.push("woken")
    })
    expect(log).toEqual(["idle", "woken"])
  })

  it("is explored, and a deadlock is one", async () => {
    const program = function* () {
      const mutex = new SharedMutex()
      yield* mutex.lock()
      yield* select({ lock: mutex.lock(), late: sleep("10 millis") })
    }
    expect(await explore.check({}, program)).toMatchObject({ complete: true })
    await expect(
      synctest(function* () {
        const mutex = new SharedMutex()
        yield* mutex.lock()
        yield* mutex.lock()
      }),
    ).rejects.toThrow(DeadlockError)
  })

  it("stands still while another object may have the memory", async () => {
    const mutex = new SharedMutex()
    const there = SharedMutex.from(mutex.share())
    there.tryLock()
    let isOver = false
    const running = run(
      function* () {
        const hit = yield* select({ lock: mutex.lock(), late: sleep("1 minute") })
        isOver = true
        return hit.case
      },
      { plugins: [virtualTime()] },
    )
    // So often has the host its turn.
    for (let i = 0; i < 100; i++) await new Promise((resolve) => setTimeout(resolve, 0))
    expect(isOver).toBe(false)
    there.unlock()
    expect(await running).toBe("lock")
  })

  it("stands still for who waited when the memory was shared", async () => {
    const mutex = new SharedMutex()
    mutex.tryLock()
    let isOver = false
    const running = run(
      function* () {
        const waiting = go(mutex.lock())
        yield* waitIdle()
        const there = SharedMutex.from(mutex.share())
        setTimeout(() => there.unlock(), 20)
        const hit = yield* select({ lock: waiting.join(), late: sleep("1 minute") })
        isOver = true
        return hit.case
      },
      { plugins: [virtualTime()] },
    )
    await new Promise((resolve) => setTimeout(resolve, 0))
    expect(isOver).toBe(false)
    expect(await running).toBe("lock")
  })
})
