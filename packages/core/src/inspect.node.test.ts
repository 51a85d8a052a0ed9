import { inspect } from "node:util"
import { describe, expect, it } from "vitest"
import { go } from "./go.ts"
import { gosched } from "./gosched.ts"
import { never } from "./never.ts"
import { Op } from "./op-statics.ts"
import { run } from "./run-main.ts"
import { sleep } from "./sleep.ts"

describe("console.log", () => {
  it("shows a goroutine in one line: its number, name, status, and what it waits for", () =>
    run(function* () {
      const worker = go(function* worker() {
        yield* never
      })
      const { id } = worker
      expect(inspect(worker)).toBe(`Goroutine ${id} worker (runnable)`)
      yield* gosched()
      expect(inspect({ worker })).toBe(`{ worker: Goroutine ${id} worker (waiting: ${never.name}) }`)
      worker.interrupt()
      yield* gosched()
      expect(inspect(worker)).toBe(`Goroutine ${id} worker (done)`)
    }))

  it("shows one that has no name, and one that runs", () =>
    run(function* () {
      const nameless = go(function* () {
        expect(inspect(nameless)).toBe(`Goroutine ${nameless.id} (running)`)
      })
      yield* nameless
    }))

  it("shows an op by its name and detail", () => {
    expect(inspect(sleep(50))).toMatch(/^Op sleep/)
    const door = Op.make<void>({ name: "door", poll: () => undefined, enqueue: () => {}, dequeue: () => {} })
    expect(inspect([door])).toBe("[ Op door ]")
  })
})
