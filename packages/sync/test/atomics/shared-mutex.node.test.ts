/** The lock's own source under every interleaving of its atomic accesses. */
import { join } from "node:path"
import { type Goroutine, type Op } from "@weft/core"
import { explore, shadow } from "@weft/core/testing"
import { describe, expect, it } from "vitest"
import { announce, loadStepping, Thread } from "../../../core/test/support/stepping.node.ts"

type Steps<A = void> = Generator<Op<unknown>, A, unknown>

interface SteppingMutex {
  lock(): unknown
  recover(): unknown
  tryLock(): Steps<boolean>
  unlock(): Steps
  threadDied(thread: number): Steps
}

const { SharedMutex } = loadStepping(join(import.meta.dirname, "../../src/shared/shared-mutex.ts")) as {
  readonly SharedMutex: new (buffer: SharedArrayBuffer) => SteppingMutex
}

const byteLength = 12

function memory(): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(byteLength)
  announce(new Int32Array(buffer))
  return buffer
}

/** Threads that lock and unlock `times` each, in `goroutines` goroutines each, and count inside. */
export function* counting(threads: number, goroutines: number, times: number): Steps {
  const buffer = memory()
  const inside = shadow(0)
  const all: Array<Goroutine> = []
  for (let id = 1; id <= threads; id++) {
    const thread = new Thread(id)
    const mutex = new SharedMutex(buffer)
    for (let k = 0; k < goroutines; k++)
      all.push(
        thread.start("locker", function* () {
          for (let i = 0; i < times; i++) {
            yield* thread.commit(mutex.lock())
            inside.value++
            yield* mutex.unlock()
          }
        }),
      )
  }
  for (const goroutine of all) yield* goroutine as unknown as Steps
  expect(inside.value).toBe(threads * goroutines * times)
  expect(new Int32Array(buffer)[1]! & 0xffffff).toBe(0)
}

describe("a shared mutex, access by access", () => {
  it.each([
    [2, 1, 1],
    [2, 1, 2],
    [3, 1, 1],
    [1, 2, 2],
  ])("lets one in at a time, and everybody in the end: %i threads of %i goroutines, %i times", async (...sizes) => {
    const { schedules } = await explore.check({ shares: "ops", schedules: 20_000 }, () => counting(...sizes))
    console.log(sizes, schedules)
  })
})
