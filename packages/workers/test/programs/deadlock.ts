/** Two threads and main wait for each other. */
import { chan } from "@weft/channels"
import { run } from "@weft/core"
import { spawn } from "@weft/workers"
import { stuck } from "../tasks/basic.ts"

await run(
  function* () {
    const nobodySends = chan<number>()
    const tasks = [spawn(stuck, nobodySends), spawn(stuck, nobodySends)]
    for (const task of tasks) yield* task
  },
  { deadlock: process.argv[2] as "fail" | "certain" },
)
