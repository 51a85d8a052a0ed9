import { describe, expect, it } from "vitest"
import { type Member, Row } from "./row.ts"

interface Numbered extends Member<Numbered> {
  readonly n: number
}

describe("Row", () => {
  it("keeps the order of what stands in it, wherever members come and leave", () => {
    const row = new Row<Numbered>()
    const model: Array<Numbered> = []
    let seed = 1
    const below = (n: number) => (seed = (seed * 48271) % 2147483647) % n
    for (let i = 0; i < 5000; i++) {
      const member: Numbered = { n: i, before: null, behind: null }
      const action = below(6)
      if (action <= 1) {
        row.push(member)
        model.push(member)
      } else if (action === 2) {
        row.unshift(member)
        model.unshift(member)
      } else if (action === 3) expect(row.shift()).toBe(model.shift())
      else if (model.length > 0) {
        const [leaving] = model.splice(below(model.length), 1)
        row.remove(leaving!)
        expect([leaving!.before, leaving!.behind]).toEqual([null, null])
      }
      expect(row.length).toBe(model.length)
      expect(row.find(({ n }) => n % 7 === 0)).toBe(model.find(({ n }) => n % 7 === 0))
    }
    expect(model.length).toBeGreaterThan(0)
    for (const member of model) expect(row.shift()).toBe(member)
    expect(row.shift()).toBe(undefined)
  })
})
