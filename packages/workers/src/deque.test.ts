import { describe, expect, it } from "vitest"
import { Deque } from "./deque.ts"

describe("Deque", () => {
  it("gives from both ends what was put in at both, however it wraps and grows", () => {
    const deque = new Deque<number>()
    const model: Array<number> = []
    let seed = 1
    const below = (n: number) => (seed = (seed * 48271) % 2147483647) % n
    for (let i = 0; i < 5000; i++) {
      const action = below(5)
      if (action <= 1) {
        deque.push(i)
        model.push(i)
      } else if (action === 2) {
        deque.unshift(i)
        model.unshift(i)
      } else if (action === 3) expect(deque.shift()).toBe(model.shift())
      else expect(deque.pop()).toBe(model.pop())
      expect(deque.length).toBe(model.length)
      expect(deque.peek()).toBe(model[0])
      expect(deque.find((n) => n % 7 === 0)).toBe(model.find((n) => n % 7 === 0))
    }
    const left: Array<number> = []
    deque.forEach((n) => left.push(n))
    expect(left).toEqual(model)
  })
})
