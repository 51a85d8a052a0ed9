/** What only a process of its own shows: whether a timer keeps it up. */
import { expect, it } from "vitest"
import { program } from "../../core/test/support/program.node.ts"

it("a timer with a function keeps no process up once its run is over", async () => {
  const ended = await program(`
    import { run } from "@weft/core"
    import { Timer } from "@weft/channels"
    await run(function* () {
      new Timer("1 hour", () => console.log("never"))
    })
    console.log(process.getActiveResourcesInfo().filter((name) => name === "Timeout").length)
    process.exit()
  `)
  expect(ended).toEqual({ code: 0, stdout: "0\n", stderr: "" })
})
