import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { Goroutine } from "./goroutine.ts"
import { RunQueue } from "./run-queue.ts"

/** The queue never looks into what it holds. */
const goroutine = (id: number) => ({ id }) as unknown as Goroutine

describe("RunQueue", () => {
  it("is first in, first out for those that were started or gave way", () => {
    const queue = new RunQueue()
    // Over the ring's first size, and round its end.
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 1000; i++) queue.push(goroutine(i))
      for (let i = 0; i < 900; i++) expect(queue.next()!.id).toBe(i)
      for (let i = 900; i < 1000; i++) expect(queue.next()!.id).toBe(i)
    }
    expect([queue.next(), queue.length]).toEqual([undefined, 0])
  })

  it("keeps the order when it grows while its head stands in the middle of the ring", () => {
    const queue = new RunQueue()
    for (let i = 0; i < 40; i++) queue.push(goroutine(-1))
    for (let i = 0; i < 40; i++) queue.next()
    for (let i = 0; i < 200; i++) queue.push(goroutine(i))
    for (let i = 0; i < 200; i++) expect(queue.next()!.id).toBe(i)
  })

  it("runs one that was woken next, and several woken at once in the order in which they were woken", () => {
    const queue = new RunQueue()
    queue.push(goroutine(1))
    queue.pushWoken(goroutine(2))
    expect(queue.next()!.id).toBe(2)
    queue.pushWoken(goroutine(3))
    queue.pushWoken(goroutine(4))
    expect([queue.next()!.id, queue.next()!.id, queue.next()!.id]).toEqual([3, 1, 4])
  })

  it("lets two that wake each other for ever hold back the others for a bounded number of turns", () => {
    const queue = new RunQueue()
    queue.push(goroutine(0))
    queue.pushWoken(goroutine(1))
    let turns = 0
    for (let next = queue.next()!; next.id !== 0; next = queue.next()!) {
      turns++
      queue.pushWoken(next)
      if (turns > 100) break
    }
    expect(turns).toBeGreaterThan(0)
    expect(turns).toBeLessThanOrEqual(16)
  })

  it("runs one that was woken next again, once the others have had their turn", () => {
    const queue = new RunQueue()
    queue.push(goroutine(0))
    queue.pushWoken(goroutine(1))
    for (let next = queue.next()!; next.id !== 0; next = queue.next()!) queue.pushWoken(next)
    expect(queue.next()!.id).toBe(1)
    queue.push(goroutine(2))
    queue.pushWoken(goroutine(3))
    expect(queue.next()!.id).toBe(3)
  })

  it("loses and repeats nothing, whatever the order of operations", () =>
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("push", "push", "woken", "next"), { maxLength: 500, size: "max" }),
        (operations: ReadonlyArray<string>) => {
          const queue = new RunQueue()
          const pushed = new Set<number>()
          let id = 0
          const take = () => {
            const next = queue.next()
            if (pushed.size === 0) expect(next).toBeUndefined()
            else expect(pushed.delete(next!.id)).toBe(true)
          }
          for (const operation of operations) {
            if (operation === "next") take()
            else {
              pushed.add(id)
              if (operation === "push") queue.push(goroutine(id))
              else queue.pushWoken(goroutine(id))
              id++
            }
            expect(queue.length).toBe(pushed.size)
          }
          while (pushed.size > 0) take()
          take()
        },
      ),
    ))

  it("chooses each of n alternatives about as often", () => {
    const queue = new RunQueue()
    const counts = [0, 0, 0, 0, 0]
    for (let i = 0; i < 50_000; i++) counts[queue.choose(5)]!++
    // Six standard deviations: once in a thousand million runs.
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(6 * Math.sqrt(50_000 * 0.2 * 0.8))
  })
})
