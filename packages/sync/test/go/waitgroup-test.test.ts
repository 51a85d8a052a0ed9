/** Go's sync/waitgroup_test.go. */
import { go, gosched } from "@weft/core"
import { WaitGroup } from "@weft/sync"
import { describe, expect, it } from "vitest"
import { underSchedules } from "../../../core/test/support/under-schedules.ts"

describe("sync/waitgroup_test", () => {
  underSchedules("WaitGroup: two groups of 16 are a barrier, for 8 rounds", function* () {
    const n = 16
    const [first, second] = [new WaitGroup(), new WaitGroup()]
    for (let round = 0; round < 8; round++) {
      first.add(n)
      second.add(n)
      let exited = 0
      for (let i = 0; i < n; i++) {
        go(function* () {
          first.done()
          yield* second.wait()
          exited++
        })
      }
      yield* first.wait()
      for (let i = 0; i < n; i++) {
        // Nobody passes before the last has come.
        expect(exited).toBe(0)
        yield* gosched()
        second.done()
      }
      while (exited < n) yield* gosched()
    }
  })

  it("WaitGroupMisuse: a negative counter panics in Go's words", () => {
    const wg = new WaitGroup()
    wg.add(1)
    wg.done()
    expect(() => wg.done()).toThrow(/^sync: negative WaitGroup counter/)
  })

  underSchedules("WaitGroupMisuse2: add racing with wait is allowed here, and loses nobody", function* () {
    const wg = new WaitGroup()
    for (let round = 0; round < 20; round++) {
      let isDone = false
      wg.add(1)
      const waiting = [go(wg.wait()), go(wg.wait())]
      const racing = go(function* () {
        wg.add(1)
        yield* gosched()
        isDone = true
        wg.done()
      })
      yield* gosched()
      wg.done()
      for (const goroutine of [...waiting, racing]) yield* goroutine
      expect(isDone).toBe(true)
      yield* wg.wait()
    }
  })

  underSchedules("WaitGroupMisuse3: reuse before every earlier wait has returned is allowed here", function* () {
    const wg = new WaitGroup()
    for (let round = 0; round < 20; round++) {
      const order: Array<string> = []
      wg.add(3)
      const all = ["a", "b", "c"].map((name) =>
        go(function* () {
          wg.done()
          yield* wg.wait()
          order.push(name)
          wg.add(1)
          wg.done()
        }),
      )
      for (const goroutine of all) yield* goroutine
      expect(order.sort()).toEqual(["a", "b", "c"])
    }
  })

  underSchedules("WaitGroupRace: wait never returns early, in 1,000 rounds", function* ({ isReal }) {
    const rounds = isReal ? 1000 : 50
    for (let round = 0; round < rounds; round++) {
      const wg = new WaitGroup()
      let n = 0
      for (let i = 0; i < 2; i++) {
        wg.add(1)
        go(function* () {
          if (round % 2 === 0) yield* gosched()
          n++
          wg.done()
        })
      }
      yield* wg.wait()
      expect(n).toBe(2)
    }
  })

  underSchedules("WaitGroupGo: counts what it starts", function* () {
    const wg = new WaitGroup()
    let n = 0
    for (let i = 0; i < 16; i++) {
      wg.go(function* () {
        yield* gosched()
        n++
      })
    }
    yield* wg.wait()
    expect(n).toBe(16)
  })
})
