/** For test files that share a process: what one leaves behind would keep the next from ever being deadlocked. */
import { currentProcessor, Processor } from "../../src/processor.ts"
import { afterAll, expect } from "vitest"

afterAll(async () => {
  // Whoever was told at the end unwinds first; a pool's threads say a little later that they have nothing to do.
  await new Promise((resolve) => setTimeout(resolve, 0))
  const isBusy = () => Processor.holds > 0 || currentProcessor().scheduler.length > 0
  for (let i = 0; i < 100 && isBusy(); i++) await new Promise((resolve) => setTimeout(resolve, 50))
  const { outside, scheduler, timers } = currentProcessor()
  expect(
    { outside, runnable: scheduler.length, timers: timers.size, holds: Processor.holds },
    "left behind by the tests of this file",
  ).toEqual({ outside: 0, runnable: 0, timers: 0, holds: 0 })
})
