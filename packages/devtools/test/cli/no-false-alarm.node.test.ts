/**
 * That those are found who are stuck, the other tests tell; here nobody is.
 *
 * @module-tag long
 */
import { describe, expect, it } from "vitest"
import { attach, waitGraph } from "../../src/index.ts"
import { Program } from "../attach/program.ts"

describe("a hundred programs without a fault", () => {
  it("show no deadlock and no leak, whenever they are looked at", async () => {
    await using programs = await Program.start("hundred.ts")
    await using attached = await attach(programs.pid)
    const alarms: Array<unknown> = []
    for (let i = 0; i < 20; i++) alarms.push(...waitGraph(await attached.dump()).knots)
    expect(alarms).toEqual([])
    for (let i = 0; i < 5; i++) {
      const { threads } = await attached.leaks()
      expect(threads.map(({ leaked }) => leaked)).toEqual([[]])
      expect(threads[0]!.checked).toBeGreaterThan(200)
    }
    const { threads } = await attached.dump()
    expect(new Set(threads[0]!.goroutines.map(({ name }) => name.split(".")[0])).size).toBeGreaterThan(100)
  })
})
