import { describe, expect, it } from "vitest"
import { aDump, aThread, goroutine, waiting } from "../../test/cli/dumps.ts"
import { groups } from "./groups.ts"

const stack = ["worker (/srv/shop/server.ts:12:3)"]
const summary = (...parameters: Parameters<typeof groups>) =>
  groups(...parameters).map((group) => [group.members.map(({ goroutine }) => goroutine.id), group.startedAt])

describe("groups", () => {
  it("puts together those of one stack, wait reason and start site, whatever they are called, most numerous first", () => {
    const dump = aDump([
      goroutine(1, { isMain: true }),
      waiting(2, "chan receive", undefined, { stack, startedAt: "a", name: "worker 2" }),
      waiting(3, "chan receive", undefined, { stack, startedAt: "a", name: "worker 3" }),
      waiting(4, "chan receive", undefined, { stack, startedAt: "b" }),
      waiting(5, "chan send", undefined, { stack, startedAt: "a" }),
    ])
    expect(summary(dump)[0]).toEqual([[2, 3], "a"])
    expect(groups(dump)).toHaveLength(4)
  })

  it("puts together goroutines of all threads, those that wait longest first", () => {
    const thread = (number: number, waitMillis: number) =>
      aThread([waiting(1, "chan receive", undefined, { stack, waitMillis })], [], { thread: number })
    const [group] = groups(aDump([], [], { threads: [thread(0, 10), thread(1, 20)] }))
    expect(group!.members.map(({ thread }) => thread)).toEqual([1, 0])
  })

  it("puts very many in the same order as few", () => {
    const wait = (id: number) => (id * 7919) % 10_007
    const all = Array.from({ length: 30_000 }, (_, id) =>
      waiting(id, "chan receive", undefined, { stack, waitMillis: wait(id), isMain: id === 12_345 }),
    )
    const [group] = groups(aDump(all))
    const expected = all.toSorted((a, b) => Number(b.isMain) - Number(a.isMain) || b.waitMillis - a.waitMillis)
    expect(group!.members.map(({ goroutine }) => goroutine.id)).toEqual(expected.map(({ id }) => id))
  })

  it("goes by the name where no stack is known", () => {
    expect(groups(aDump([goroutine(1, { name: "a" }), goroutine(2, { name: "b" })]))).toHaveLength(2)
  })

  it("gives those without a start site to the only group that is otherwise the same", () => {
    const of = (id: number, startedAt?: string) =>
      waiting(id, "chan receive", undefined, { stack, ...(startedAt === undefined ? {} : { startedAt }) })
    expect(summary(aDump([of(1), of(2, "a"), of(3)]))).toEqual([[[2, 1, 3], "a"]])
    expect(summary(aDump([of(1), of(2, "a"), of(3, "b")]))).toHaveLength(3)
  })

  it("puts main before others of as many, and who waits longer before who waits less", () => {
    const dump = aDump([
      waiting(3, "sleep", undefined, { waitMillis: 10 }),
      waiting(2, "chan send", undefined, { waitMillis: 20 }),
      goroutine(1, { isMain: true }),
    ])
    expect(summary(dump).map(([members]) => members)).toEqual([[1], [2], [3]])
  })

  it("groups a million", () => {
    const million = Array.from({ length: 1_000_000 }, (_, i) =>
      waiting(i, i % 2 === 0 ? "chan receive" : "sleep", undefined, { stack, name: "worker", waitMillis: i }),
    )
    expect(groups(aDump(million)).map(({ members }) => members.length)).toEqual([500_000, 500_000])
  })
})
