import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Ring } from "./ring.ts"

describe("Ring", () => {
  it("gives back what was put in, in order, whatever the turns and at which end", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom("shift", "unshift", "unpush"), fc.nat({ max: 40 })), { maxLength: 200 }),
        (steps) => {
          const ring = new Ring<number>()
          const model: Array<number> = []
          let n = 0
          for (const step of steps) {
            if (step === "unshift") {
              ring.unshift(n)
              model.unshift(n++)
            } else if (step === "unpush") {
              if (model.pop() !== undefined) ring.unpush()
            } else if (step === "shift") {
              if (model.length > 0) expect(ring.shift()).toBe(model.shift())
            } else {
              for (let i = 0; i < step; i++) {
                ring.push(n)
                model.push(n++)
              }
            }
            expect(ring.length).toBe(model.length)
          }
          while (model.length > 0) expect(ring.shift()).toBe(model.shift())
        },
      ),
    )
  })

  it("grows for a value before the oldest, too", () => {
    const ring = new Ring<number>()
    for (let i = 0; i < 100; i++) ring.unshift(i)
    for (let i = 99; i >= 0; i--) expect(ring.shift()).toBe(i)
  })

  it("keeps its order over a burst that made it grow and an end that made it shrink", () => {
    const ring = new Ring<number>()
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 5000; i++) ring.push(i)
      for (let i = 0; i < 5000; i++) expect(ring.shift()).toBe(i)
      expect(ring.length).toBe(0)
    }
  })

  it("keeps undefined as a value", () => {
    const ring = new Ring<undefined>()
    ring.push(undefined)
    expect(ring.length).toBe(1)
    expect(ring.shift()).toBeUndefined()
    expect(ring.length).toBe(0)
  })
})
