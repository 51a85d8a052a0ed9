import { numGoroutine } from "@weft/core"
import { describe, expect, it } from "vitest"
import { run } from "@weft/core"
import { underSchedules } from "../../../core/test/support/under-schedules.ts"
import { primes } from "./sieve.ts"

describe("prime sieve", () => {
  underSchedules("gives the first 100 primes", function* ({ isReal }) {
    const n = isReal ? 100 : 40
    const [source, found] = [primes(), new Array<number>()]
    while (found.length < n) found.push(yield* source.take())
    expect(found).toEqual(firstPrimes(n))
  })

  it("gives 1,000 primes, and its 1,002 goroutines end with main", async () => {
    const before = numGoroutine()
    let during = 0
    const last = await run(function* () {
      const source = primes()
      for (let i = 1; i < 1000; i++) yield* source.receive()
      const prime = yield* source.receive()
      during = numGoroutine() - before
      return prime
    })
    expect(last).toBe(7919)
    expect(during).toBeGreaterThan(1000)
    expect(numGoroutine()).toBe(before)
  })
})

function firstPrimes(n: number): Array<number> {
  const found: Array<number> = []
  for (let i = 2; found.length < n; i++) if (found.every((prime) => i % prime !== 0)) found.push(i)
  return found
}
