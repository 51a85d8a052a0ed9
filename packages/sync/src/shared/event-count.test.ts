import { currentProcessor, type Processor, run, Waiter } from "@weft/core"
import { describe, expect, it } from "vitest"
import { EventCount } from "./event-count.ts"

/** Counts how often anybody looks at what it has read. */
class Watcher extends Waiter {
  readonly processor: Processor = currentProcessor()
  wasTold = false
  looks = 0

  constructor(since: number) {
    super()
    Object.defineProperty(this, "slot", {
      get: () => {
        this.looks++
        return since
      },
    })
  }
  commit(): void {
    this.wasTold = true
  }
  fail(): void {}
}

describe("EventCount", () => {
  it("looks at who waits as often for 200 as for 100 of them: once where he comes, and once where he is told", () =>
    run(function* () {
      for (const n of [100, 200]) {
        const events = new EventCount(new Int32Array(new SharedArrayBuffer(4)), 0)
        const all = Array.from({ length: n }, () => new Watcher(0))
        for (const watcher of all) events.park(watcher)
        expect(all.some(({ wasTold }) => wasTold)).toBe(false)
        // Each that comes has the one looked at who stands in front.
        expect(all.slice(1).map(({ looks }) => looks)).toEqual(all.slice(1).map(() => 1))
        events.advance()
        expect(all.every(({ wasTold }) => wasTold)).toBe(true)
        expect(Math.max(...all.slice(1).map(({ looks }) => looks))).toBe(2)
      }
    }))

  it("lets one go on at once who has read an older count, and tells of the next change those who wait for it", () =>
    run(function* () {
      const events = new EventCount(new Int32Array(new SharedArrayBuffer(4)), 0)
      events.advance()
      const [waits, late] = [new Watcher(1), new Watcher(0)]
      events.park(waits)
      events.park(late)
      expect([waits.wasTold, late.wasTold]).toEqual([false, true])
      events.withdraw(late)
      events.advance()
      expect(waits.wasTold).toBe(true)
    }))
})
