import { describe, expect, it } from "vitest"
import type { Goroutine } from "../goroutine.ts"
import { Clock, Outside, Processes } from "./processes.ts"

const goroutine = (): Goroutine => Object.create(null) as Goroutine

describe("Processes", () => {
  it("gives the k-th that a process starts one number in every run, however starts are interleaved", () => {
    const processes = new Processes()
    const numbersOf = (order: ReadonlyArray<"a" | "b">) => {
      processes.restart()
      const [main, a, b] = [goroutine(), goroutine(), goroutine()]
      processes.start(main, null)
      processes.start(a, main)
      processes.start(b, main)
      const parents = { a, b }
      const children: Record<string, Array<number>> = { a: [], b: [] }
      for (const name of order) {
        const child = goroutine()
        processes.start(child, parents[name])
        children[name]!.push(processes.of(child))
      }
      return { main: processes.of(main), a: processes.of(a), b: processes.of(b), children }
    }
    const first = numbersOf(["a", "a", "b"])
    expect(numbersOf(["b", "a", "a"])).toEqual(first)
    expect(numbersOf(["a", "b"]).children).toEqual({ a: first.children["a"]!.slice(0, 1), b: first.children["b"] })
  })

  it("gives every process of a run a number of its own, none of them the clock's or what is outside's", () => {
    const processes = new Processes()
    const all = Array.from({ length: 5 }, goroutine)
    for (const [i, each] of all.entries()) processes.start(each, all[i - 2] ?? null)
    const numbers = [...all.map((each) => processes.of(each)), processes.begin(Outside), processes.begin(Outside)]
    expect(new Set(numbers).size).toBe(7)
    expect(numbers).not.toContain(Clock)
    expect(numbers).not.toContain(Outside)
  })

  it("takes a goroutine of another run for the clock", () => {
    const processes = new Processes()
    const known = goroutine()
    processes.start(known, null)
    expect(processes.of(goroutine())).toBe(Clock)
    processes.restart()
    expect(processes.of(known)).toBe(Clock)
  })
})
