/**
 * Loaded before each test file of a soak (`npm run soak`): property tests begin at its seed, and each test tells how many schedules it has
 * explored, and how many other runs there were.
 */
import fc from "fast-check"
import { afterEach } from "vitest"
import { Run } from "../../src/run.ts"
import { Schedules } from "../../src/testing/schedules.ts"
import { baseSeed } from "./soak.ts"

declare module "vitest" {
  interface TaskMeta {
    /** Of a soak. */
    soaked?: { readonly schedules: number; readonly runs: number }
  }
}

fc.configureGlobal({ seed: baseSeed() })

const counted = { schedules: 0, runs: 0 }

const { run } = Schedules.prototype
Schedules.prototype.run = function (this: Schedules, ...args) {
  counted.schedules++
  return run.apply(this, args)
}

const { startMain } = Run.prototype
Run.prototype.startMain = function (this: Run, ...args) {
  counted.runs++
  startMain.apply(this, args)
}

afterEach(({ task }) => {
  const { runs, schedules } = counted
  task.meta.soaked = { schedules, runs: runs - schedules }
  counted.schedules = counted.runs = 0
})
