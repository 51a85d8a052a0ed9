import { expect, it } from "vitest"
import { isCollected } from "../test/support/collected.node.ts"
import type { Goroutine } from "./goroutine.ts"
import { RunQueue } from "./run-queue.ts"

it("a run queue keeps nobody who has run", async () => {
  const queue = new RunQueue()
  const isGone = await isCollected(() => {
    const goroutine = Object.create(null) as Goroutine
    queue.push(goroutine)
    queue.next()
    return new WeakRef(goroutine)
  })
  expect([isGone, queue.length]).toEqual([true, 0])
})
