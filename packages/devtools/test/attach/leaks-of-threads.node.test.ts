import { describe, expect, it } from "vitest"
import { attach } from "../../src/attach/attach.ts"
import { Program } from "./program.ts"

describe("a leak check of several threads", () => {
  it("says which could not be checked, and what it has found in the others", async () => {
    await using program = await Program.start("weft-in-a-thread.ts")
    await using attached = await attach(program.pid)
    const [main, thread] = (await attached.leaks()).threads
    expect(main).toMatchObject({ name: "main", checked: 0, leaked: [] })
    expect(main!.failed).toMatch(/no @weft\/core has been loaded/)
    expect(thread!.failed).toBeUndefined()
    expect(thread!.leaked.map(({ name }) => name)).toEqual(["forgotten"])
  })

  it("is refused where none could be", async () => {
    await using program = await Program.start("plain-node.ts")
    await using attached = await attach(program.pid)
    await expect(attached.leaks()).rejects.toThrow(/no @weft\/core has been loaded/)
  })
})
