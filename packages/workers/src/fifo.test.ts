import { describe, expect, it } from "vitest"
import { Fifo } from "./fifo.ts"

describe("Fifo", () => {
  it("gives what was put in, in its order, however it wraps and grows", () => {
    const fifo = new Fifo<number>()
    const model: Array<number> = []
    let seed = 1
    const below = (n: number) => (seed = (seed * 48271) % 2147483647) % n
    for (let i = 0; i < 5000; i++) {
      if (below(5) <= 2) {
        fifo.push(i)
        model.push(i)
      } else expect(fifo.shift()).toBe(model.shift())
      expect(fifo.length).toBe(model.length)
      expect(fifo.peek()).toBe(model[0])
    }
    const left: Array<number> = []
    fifo.forEach((n) => left.push(n))
    expect(left).toEqual(model)
  })
})
