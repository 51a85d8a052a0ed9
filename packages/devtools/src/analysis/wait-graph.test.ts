import { describe, expect, it } from "vitest"
import { aDump, aThread, goroutine, lock, locking, waiting } from "../../test/cli/dumps.ts"
import type { ProcessDump } from "../format/dump.ts"
import { type WaitNode, waitGraph } from "./wait-graph.ts"

const ids = (nodes: ReadonlyArray<WaitNode>) => nodes.map((node) => node.goroutine.id)
const outlooks = (dump: ProcessDump) =>
  Object.fromEntries(waitGraph(dump).nodes.map((node) => [node.goroutine.id, node.outlook]))

describe("waitGraph", () => {
  it("finds two that took two locks in opposite order, while others run on", () => {
    const { knots } = waitGraph(
      aDump(
        [
          goroutine(1),
          locking(2, 20, 3),
          locking(3, 10, 2),
          waiting(4, "sleep", undefined, { isWokenFromOutside: true }),
        ],
        [lock(10, 2), lock(20, 3)],
      ),
    )
    expect(knots).toHaveLength(1)
    expect(knots[0]).toMatchObject({ kind: "deadlock", behind: [] })
    expect(ids(knots[0]!.members)).toEqual([2, 3])
    expect(knots[0]!.ring.map((edge) => [edge.to.goroutine.id, edge.via?.id])).toEqual([
      [3, 20],
      [2, 10],
    ])
  })

  it("finds a ring of three, and who waits behind it", () => {
    const { knots } = waitGraph(
      aDump(
        [
          waiting(1, "join", [2], { isMain: true }),
          locking(2, 30, 3),
          locking(3, 40, 4),
          locking(4, 20, 2),
          locking(5, 20, 2),
          waiting(6, "join", [1]),
        ],
        [lock(20, 2), lock(30, 3), lock(40, 4)],
      ),
    )
    expect(knots).toHaveLength(1)
    expect(ids(knots[0]!.members)).toEqual([2, 3, 4])
    expect(knots[0]!.ring.map((edge) => edge.to.goroutine.id)).toEqual([3, 4, 2])
    expect(ids(knots[0]!.behind)).toEqual([1, 5, 6])
  })

  it("takes one that locks again what it holds for a ring of one", () => {
    const { knots } = waitGraph(aDump([locking(2, 10, 2)], [lock(10, 2)]))
    expect(knots[0]).toMatchObject({ kind: "deadlock", ring: [{ via: { id: 10 } }] })
    expect(ids(knots[0]!.members)).toEqual([2])
  })

  it("lets a select go on by any of its wakers, and with it the ring that it is in", () => {
    const dump = aDump([waiting(2, "select", [3, 4]), waiting(3, "join", [2]), goroutine(4)])
    expect(outlooks(dump)).toEqual({ 2: "held up", 3: "held up", 4: "runs" })
    expect(waitGraph(dump).knots).toEqual([])
    expect(waitGraph(dump).find(0, 3)?.rescue?.to.goroutine.id).toBe(2)
    expect(waitGraph(dump).find(0, 2)?.rescue?.to.goroutine.id).toBe(4)
  })

  it("holds a select stuck only if each of its wakers is", () => {
    const { knots } = waitGraph(aDump([waiting(2, "select", [3, 4]), waiting(3, "join", [2]), waiting(4, "join", [2])]))
    expect(ids(knots[0]!.members)).toEqual([2, 3, 4])
  })

  it("puts a ring that could be freed by another ring behind that one", () => {
    const { knots } = waitGraph(
      aDump([waiting(1, "select", [2, 3]), waiting(2, "join", [1]), waiting(3, "join", [4]), waiting(4, "join", [3])]),
    )
    expect(knots).toHaveLength(1)
    expect(ids(knots[0]!.members)).toEqual([3, 4])
    expect(ids(knots[0]!.behind)).toEqual([1, 2])
  })

  it("puts nobody behind a ring who can go on without it", () => {
    const { knots } = waitGraph(
      aDump([waiting(2, "join", [3]), waiting(3, "join", [2]), waiting(4, "select", [2, 5]), goroutine(5)]),
    )
    expect(knots.map(({ members, behind }) => [ids(members), ids(behind)])).toEqual([[[2, 3], []]])
  })

  it("lets a chain of joins that ends in a sleeper wait", () => {
    const dump = aDump([
      waiting(1, "join", [2]),
      waiting(2, "join", [3]),
      waiting(3, "sleep", undefined, { isWokenFromOutside: true }),
    ])
    expect(outlooks(dump)).toEqual({ 1: "held up", 2: "held up", 3: "open" })
  })

  it.each([
    ["anybody might wake", waiting(3, "chan receive", undefined)],
    ["something outside can wake", waiting(3, "select", [2], { isWokenFromOutside: true })],
    ["is about to run", goroutine(3, { status: "runnable" })],
    ["began to wait only while the dump was taken", waiting(3, "join", [2], { waitMillis: 5 })],
  ])("never takes for stuck whom %s, nor who waits for it", (_, free) => {
    expect(waitGraph(aDump([waiting(2, "join", [3]), free])).knots).toEqual([])
  })

  it("tells who runs or is about to from who waits, whatever he waited for last", () => {
    const dump = aDump([
      goroutine(2),
      goroutine(3, { status: "runnable", waitMillis: 60_000, wakers: [4] }),
      waiting(4, "join", [3]),
    ])
    expect(outlooks(dump)).toEqual({ 2: "runs", 3: "runs", 4: "held up" })
  })

  it("takes a waker that is not in the dump for one that has acted", () => {
    expect(waitGraph(aDump([waiting(2, "join", [3])])).knots).toEqual([])
  })

  it("tells a goroutine that nothing can wake, and who waits behind it, from a deadlock", () => {
    const { knots } = waitGraph(aDump([waiting(2, "chan receive (nil chan)", []), waiting(3, "join", [2])]))
    expect(knots).toMatchObject([{ kind: "dead end", ring: [] }])
    expect(ids(knots[0]!.behind)).toEqual([3])
  })

  it("keeps goroutines of different threads apart that have the same number", () => {
    const dump = aDump([], [], {
      threads: [
        aThread([waiting(2, "join", [3]), waiting(3, "join", [2])]),
        aThread([waiting(2, "join", [3]), goroutine(3)], [], { thread: 1 }),
      ],
    })
    const graph = waitGraph(dump)
    expect(graph.knots).toHaveLength(1)
    expect(graph.find(0, 2)?.outlook).toBe("stuck")
    expect(graph.find(1, 2)?.outlook).toBe("held up")
  })

  it("lists deadlocks before dead ends, and large ones first", () => {
    const ring = (...members: ReadonlyArray<number>) =>
      members.map((id, i) => waiting(id, "join", [members[(i + 1) % members.length]!]))
    const { knots } = waitGraph(aDump([waiting(1, "never", []), ...ring(2, 3), ...ring(4, 5, 6)]))
    expect(knots.map((knot) => [knot.kind, ids(knot.members)])).toEqual([
      ["deadlock", [4, 5, 6]],
      ["deadlock", [2, 3]],
      ["dead end", [1]],
    ])
  })

  // From 1 by way of 2, 3 and 4, or of 5 alone.
  it.each([[[2, 5]], [[5, 2]]])("goes through a shortest ring, whatever stands first: %j", (wakers) => {
    const { knots } = waitGraph(
      aDump([
        waiting(1, "select", wakers),
        waiting(2, "join", [3]),
        waiting(3, "join", [4]),
        waiting(4, "join", [1]),
        waiting(5, "join", [1]),
      ]),
    )
    expect(knots).toHaveLength(1)
    expect(knots[0]!.ring.map((edge) => edge.to.goroutine.id)).toEqual([5, 1])
  })

  it("puts who waits behind two knots behind the first of them only", () => {
    const { knots } = waitGraph(
      aDump([
        waiting(2, "join", [3]),
        waiting(3, "join", [2]),
        waiting(4, "join", [5]),
        waiting(5, "join", [4]),
        waiting(6, "select", [4, 2]),
      ]),
    )
    expect(knots.map(({ members, behind }) => [ids(members), ids(behind)])).toEqual([
      [[2, 3], [6]],
      [[4, 5], []],
    ])
  })

  it("says what the other holds, and nothing where the other is joined", () => {
    const { knots } = waitGraph(
      aDump(
        [locking(2, 10, 3), waiting(3, "select", [4, 2], { on: [20] }), waiting(4, "join", [3])],
        [lock(10, 3), lock(20, 2)],
      ),
    )
    expect(knots[0]!.ring.map((edge) => [edge.to.goroutine.id, edge.via?.id])).toEqual([
      [3, 10],
      [2, 20],
    ])
    const joining = knots[0]!.members[1]!
    expect(joining.wakers.map((edge) => [edge.to.goroutine.id, edge.via?.id])).toEqual([
      [4, undefined],
      [2, 20],
    ])
  })

  it("holds one stuck who waits for the same goroutine in two cases", () => {
    expect(outlooks(aDump([waiting(2, "select", [3, 3]), waiting(3, "join", [2])]))).toEqual({ 2: "stuck", 3: "stuck" })
  })

  it("is certain of who has waited for as long as the dump took", () => {
    const settled = { waitMillis: 7 }
    const dump = aDump([waiting(2, "join", [3], settled), waiting(3, "join", [2], settled)], [], { tookMillis: 7 })
    expect(outlooks(dump)).toEqual({ 2: "stuck", 3: "stuck" })
  })

  it("follows a ring and a chain of a hundred thousand", () => {
    const n = 100_000
    const ring = Array.from({ length: n }, (_, i) => waiting(i + 1, "join", [((i + 1) % n) + 1]))
    const chain = Array.from({ length: n }, (_, i) => waiting(n + i + 1, "join", [n + i]))
    const { knots } = waitGraph(aDump([...ring, ...chain]))
    expect(knots.map((knot) => [knot.members.length, knot.ring.length, knot.behind.length])).toEqual([[n, n, n]])
  })
})
