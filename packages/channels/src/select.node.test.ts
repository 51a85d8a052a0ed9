import { go, gosched, run } from "@weft/core"
import { expect, it } from "vitest"
import { isCollected } from "../../core/test/support/collected.node.ts"
import { chan } from "./chan.ts"
import { select } from "./select.ts"

it("a wait that is over keeps neither its channels nor what it took", async () => {
  const make = () =>
    run(function* () {
      const [taken, lost] = [chan<object>(), chan<object>()]
      const value = { big: new Array<number>(1000) }
      const waiting = go(function* () {
        yield* select({ taken: taken.receive(), lost: lost.receive(), send: lost.send(value) })
      })
      yield* gosched()
      yield* taken.send(value)
      yield* waiting
      return [new WeakRef<object>(taken), new WeakRef<object>(lost), new WeakRef<object>(value)]
    })
  for (const which of [0, 1, 2]) expect(await isCollected(async () => (await make())[which]!)).toBe(true)
})
