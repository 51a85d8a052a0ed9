/** What only a process of its own shows, whether a timer keeps it up; and only a collection, what is kept. */
import { Op, run, sleep } from "@weft/core"
import { expect, it } from "vitest"
import { isCollected } from "../../core/test/support/collected.node.ts"
import { program } from "../../core/test/support/program.node.ts"
import { Timer } from "./timer.ts"

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

it("a run keeps no timer that has called its function", () =>
  run(function* () {
    const fired = new WeakRef<object>({ big: new Array<number>(1000) })
    start(fired.deref()!)
    yield* sleep(5)
    expect(yield* Op.fromPromise(() => isCollected(() => fired))).toBe(true)
  }))

function start(kept: object): void {
  new Timer(1, () => Object.freeze(kept))
}
