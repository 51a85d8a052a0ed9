import { describe, expect, it } from "vitest"
import type { Goroutine } from "../goroutine.ts"
import { VectorClocks } from "./vector-clocks.ts"

const goroutines = (n: number): ReadonlyArray<Goroutine> =>
  Array.from({ length: n }, () => Object.create(null) as Goroutine)

describe("VectorClocks", () => {
  it("orders a goroutine with itself, and with nobody else to begin with", () => {
    const clocks = new VectorClocks()
    const [a, b] = goroutines(2)
    expect(clocks.isBefore(a!, clocks.timeOf(a!), a!)).toBe(true)
    expect(clocks.isBefore(a!, clocks.timeOf(a!), b!)).toBe(false)
  })

  it("orders what was done before a release, and not what is done after it", () => {
    const clocks = new VectorClocks()
    const [a, b] = goroutines(2)
    const before = clocks.timeOf(a!)
    clocks.order(a!, b!)
    const after = clocks.timeOf(a!)
    expect(clocks.isBefore(a!, before, b!)).toBe(true)
    expect(clocks.isBefore(a!, after, b!)).toBe(false)
    expect(clocks.isBefore(b!, clocks.timeOf(b!), a!)).toBe(false)
  })

  it("orders along a chain", () => {
    const clocks = new VectorClocks()
    const [a, b, c] = goroutines(3)
    const time = clocks.timeOf(a!)
    clocks.order(a!, b!)
    clocks.order(b!, c!)
    expect(clocks.isBefore(a!, time, c!)).toBe(true)
  })

  it("orders those that touch one thing, in the order in which they do, and not those that touch two", () => {
    const clocks = new VectorClocks()
    const [a, b, c] = goroutines(3)
    const [lock, other] = [{}, {}]
    const time = clocks.timeOf(a!)
    clocks.touch(a!, lock)
    clocks.touch(c!, other)
    expect(clocks.isBefore(a!, time, c!)).toBe(false)
    clocks.touch(b!, lock)
    expect(clocks.isBefore(a!, time, b!)).toBe(true)
    // b knows of a; a knows nothing of b.
    expect(clocks.isBefore(b!, clocks.timeOf(b!), a!)).toBe(false)
  })

  it("does not order what is done after a touch with those that touch the same later", () => {
    const clocks = new VectorClocks()
    const [a, b] = goroutines(2)
    const lock = {}
    clocks.touch(a!, lock)
    const after = clocks.timeOf(a!)
    clocks.touch(b!, lock)
    expect(clocks.isBefore(a!, after, b!)).toBe(false)
  })

  it("orders all that was done before a touch of what is not known, and nothing that is done after it", () => {
    const clocks = new VectorClocks()
    const [a, b] = goroutines(2)
    const before = clocks.timeOf(a!)
    clocks.touch(b!, undefined)
    const after = clocks.timeOf(a!)
    expect(clocks.isBefore(a!, before, b!)).toBe(true)
    expect(clocks.isBefore(a!, after, b!)).toBe(false)
    expect(clocks.isBefore(b!, clocks.timeOf(b!), a!)).toBe(false)
  })
})
