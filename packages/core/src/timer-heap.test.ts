import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { TimerEntry, TimerHeap } from "./timer-heap.ts"

class Entry extends TimerEntry {
  readonly id: number
  constructor(id: number) {
    super()
    this.id = id
  }
  fire(): void {}
}

type Command = { readonly add: number } | { readonly remove: number } | { readonly take: number }

const commands = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ add: fc.integer({ min: 0, max: 30 }) }) },
    { weight: 2, arbitrary: fc.record({ remove: fc.nat() }) },
    { weight: 2, arbitrary: fc.record({ take: fc.integer({ min: 0, max: 30 }) }) },
  ),
  { maxLength: 300, size: "max" },
)

describe("TimerHeap", () => {
  it("agrees with a sorted list: earliest first, equal times in the order they were added", () =>
    fc.assert(
      fc.property(commands, (all: ReadonlyArray<Command>) => {
        const heap = new TimerHeap()
        let model: Array<{ entry: Entry; when: number }> = []
        const added: Array<Entry> = []
        for (const command of all) {
          if ("add" in command) {
            const entry = new Entry(added.length)
            added.push(entry)
            heap.add(entry, command.add)
            model.push({ entry, when: command.add })
          } else if ("remove" in command) {
            if (added.length === 0) continue
            const entry = added[command.remove % added.length]!
            heap.remove(entry)
            model = model.filter((other) => other.entry !== entry)
            expect(entry.index).toBe(-1)
          } else {
            // Stable: of equal times the first.
            const due = [...model].sort((a, b) => a.when - b.when).find(({ when }) => when <= command.take)
            expect(heap.takeDue(command.take)).toBe(due?.entry)
            model = model.filter((other) => other !== due)
          }
          expect(heap.size).toBe(model.length)
          expect(heap.next).toBe(Math.min(Infinity, ...model.map(({ when }) => when)))
        }
      }),
    ))

  it("takes an entry again that has fired or was removed", () => {
    const heap = new TimerHeap()
    const entry = new Entry(0)
    heap.add(entry, 5)
    expect(heap.takeDue(4)).toBeUndefined()
    expect(heap.takeDue(5)).toBe(entry)
    heap.add(entry, 3)
    heap.remove(entry)
    heap.remove(entry)
    heap.add(entry, 1)
    expect([heap.size, heap.next]).toEqual([1, 1])
  })

  it("grows, and fires many in order", () => {
    const heap = new TimerHeap()
    const n = 10_000
    for (let i = 0; i < n; i++) heap.add(new Entry(i), (i * 7919) % n)
    for (let when = 0; when < n; when++) expect(heap.takeDue(n)!.when).toBe(when)
    expect(heap.next).toBe(Infinity)
  })
})
