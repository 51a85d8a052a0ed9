import { go, gosched } from "@weft/core"
import { explore, shadow } from "@weft/core/testing"
import { AtomicBool } from "@weft/sync"
import { describe, expect, it } from "vitest"

describe("atomics between goroutines", () => {
  it("order what came before a store and what comes after a load that saw it", async () => {
    let seen = 0
    await explore.check({}, function* () {
      const data = shadow(0)
      const ready = new AtomicBool()
      const writer = go(function* () {
        data.value = 1
        ready.store(true)
      })
      yield* gosched()
      if (ready.load()) seen += data.value
      yield* writer
    })
    expect(seen).toBeGreaterThan(0)
  })
})
