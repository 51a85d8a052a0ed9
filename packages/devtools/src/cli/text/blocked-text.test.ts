import { describe, expect, it } from "vitest"
import { aDump, goroutine, lock, locking, waiting } from "../../../test/cli/dumps.ts"
import type { ProcessDump } from "../../format/dump.ts"
import { blockedText } from "./blocked-text.ts"
import { render } from "./paint.ts"
import { Places } from "./place.ts"

const speech = { places: new Places("/srv/shop"), hasThreads: false, columns: 100, valueColumns: 100 }
/** Without the two lines about the process. */
const text = (dump: ProcessDump) => render(blockedText(dump, speech), false).split("\n").slice(3).join("\n")
const stack = ["transfer (/srv/shop/bank.ts:20:5)"]

describe("blockedText", () => {
  it("draws the ring of a deadlock with what each holds, and who waits behind it", () => {
    const dump = aDump(
      [
        waiting(1, "join", [2], { isMain: true }),
        locking(2, 20, 3, { name: "a to b", stack }),
        locking(3, 10, 2, { name: "b to a", stack }),
      ],
      [lock(10, 2), lock(20, 3)],
    )
    expect(text(dump)).toBe(`DEADLOCK: 2 goroutines wait for each other, and 1 more for them

  ┌> goroutine 2, a to b [sync.Mutex.Lock, 60 s]
  │      at transfer (bank.ts:20:5)
  │    waits for sync.Mutex #20, held by goroutine 3, b to a
  │  goroutine 3, b to a [sync.Mutex.Lock, 60 s]
  │      at transfer (bank.ts:20:5)
  └─   waits for sync.Mutex #10, held by goroutine 2, a to b

  Behind it: goroutine 1, main [join, 60 s]`)
  })

  it("says that one locks again what it holds", () => {
    const shown = text(aDump([locking(2, 10, 2)], [lock(10, 2)]))
    expect(shown).toContain("DEADLOCK: a goroutine waits for itself\n")
    expect(shown).toContain("  └─   waits for sync.Mutex #10, held by goroutine 2")
  })

  it("cuts a long ring and says how much of it", () => {
    const ring = Array.from({ length: 50 }, (_, i) => waiting(i + 1, "join", [((i + 1) % 50) + 1]))
    const shown = text(aDump(ring))
    expect(shown).toContain("... and 30 more goroutines in the ring")
    expect(shown).toMatch(/└─ {3}waits for the end of goroutine 1$/)
  })

  it("draws who holds up whom as trees, alike ones counted", () => {
    const dump = aDump(
      [
        goroutine(5, { name: "flush" }),
        ...[6, 7, 8].map((id) => locking(id, 30, 5, { name: "writer" })),
        waiting(9, "join", [6], { name: "request" }),
      ],
      [lock(30, 5)],
    )
    expect(text(dump)).toBe(`No deadlock: every goroutine that waits for certain others waits for one that can go on.

Wait for certain goroutines that can go on:

  goroutine 5, flush [running] holds up 4
  ├─ 2 goroutines, writer [sync.Mutex.Lock, up to 60 s] for sync.Mutex #30
  └─ goroutine 6, writer [sync.Mutex.Lock, 60 s] for sync.Mutex #30
     └─ goroutine 9, request [join, 60 s]`)
  })

  it("ends a long chain with how many are behind it", () => {
    const chain = Array.from({ length: 100 }, (_, i) => waiting(i + 2, "join", [i + 1]))
    const shown = text(aDump([goroutine(1), ...chain]))
    expect(shown).toContain("goroutine 1 [running] holds up 100\n")
    expect(shown).toContain("└─ 91 more behind it")
  })

  it("keeps a goroutine that waits for nothing apart from deadlocks", () => {
    const shown = text(aDump([waiting(90, "chan receive (nil chan)", [], { name: "forever" })]))
    expect(shown).not.toContain("DEADLOCK")
    expect(shown).toContain(
      "Wait for what can't come, perhaps on purpose:\n\n  goroutine 90, forever [chan receive (nil chan), 60 s]",
    )
  })

  it("lists what others wait on by how many do", () => {
    const on = (id: number, object: number, reason: string) =>
      waiting(id, reason, undefined, { on: [object], name: "worker" })
    const objects = [7, 8].map((id) => ({ id, kind: "channel", detail: "a channel (unbuffered)" }))
    const shown = text(aDump([on(1, 7, "chan send"), on(2, 8, "chan receive"), on(3, 8, "chan receive")], objects))
    expect(shown).toContain(`  3 goroutines can be woken by anybody who can reach what they wait on.
    channel #8 (unbuffered): chan receive by worker 2 times
    channel #7 (unbuffered): chan send by worker`)
  })
})
