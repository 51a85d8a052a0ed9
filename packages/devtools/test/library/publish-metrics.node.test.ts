import { expect, it } from "vitest"
import type { ProcessStats } from "../../src/index.ts"
import { Program } from "../attach/program.ts"

it("publishes what top counts to whoever subscribes, and lets the process end", async () => {
  await using program = await Program.start("metered.ts")
  const { pid, threads } = JSON.parse(await program.line()) as ProcessStats
  expect(pid).toBe(program.pid)
  expect(threads[0]!.groups).toContainEqual(
    expect.objectContaining({ name: "listener", status: "waiting", reason: "chan receive", count: 7 }),
  )
  expect(await program.ended).toBe(0)
})
