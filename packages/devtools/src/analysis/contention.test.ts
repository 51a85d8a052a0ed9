import { describe, expect, it } from "vitest"
import { aDump, aThread, goroutine, lock, locking, waiting } from "../../test/cli/dumps.ts"
import { contention } from "./contention.ts"
import { waitGraph } from "./wait-graph.ts"

describe("contention", () => {
  it("lists what is waited on with who holds it and who waits, most waited for first, longest wait first", () => {
    const found = contention(
      waitGraph(
        aDump(
          [
            goroutine(1),
            locking(2, 10, 1, { waitMillis: 100 }),
            locking(3, 10, 1, { waitMillis: 200 }),
            waiting(4, "chan receive", undefined, { on: [20] }),
          ],
          [{ id: 20, kind: "Buffered", capacity: 3, length: 0 }, lock(10, 1), lock(30, 1)],
        ),
      ),
    )
    expect(
      found.map(({ object, owner, waiting }) => [
        object.id,
        owner?.goroutine.id,
        waiting.map((node) => node.goroutine.id),
      ]),
    ).toEqual([
      [10, 1, [3, 2]],
      [20, undefined, [4]],
    ])
  })

  it("counts a goroutine that selects on several things at each of them", () => {
    const objects = [1, 2].map((id) => ({ id, kind: "Rendezvous" }))
    const found = contention(waitGraph(aDump([waiting(4, "select", undefined, { on: [1, 2] })], objects)))
    expect(found.map(({ waiting }) => waiting.length)).toEqual([1, 1])
  })

  it("keeps things of different threads apart that have the same number", () => {
    const thread = (number: number) =>
      aThread([waiting(1, "chan send", undefined, { on: [1] })], [{ id: 1, kind: "Rendezvous" }], { thread: number })
    const found = contention(waitGraph(aDump([], [], { threads: [thread(0), thread(1)] })))
    expect(found.map(({ thread, waiting }) => [thread, waiting.length])).toEqual([
      [0, 1],
      [1, 1],
    ])
  })

  it("finds who holds it among those of its thread", () => {
    const thread = (number: number) =>
      aThread([goroutine(1), waiting(2, "sync.Mutex.Lock", [1], { on: [5] })], [lock(5, 1)], { thread: number })
    const found = contention(waitGraph(aDump([], [], { threads: [thread(0), thread(1)] })))
    expect(found.map(({ owner, thread }) => [owner?.thread, thread])).toEqual([
      [0, 0],
      [1, 1],
    ])
  })
})
