import { describe, expect, it } from "vitest"
import type { Call, RunOfCall } from "./call.ts"
import { TaskQueue } from "./task-queue.ts"

const run = Object.create(null) as RunOfCall
const call = (name: string, producer = 1, options: Partial<Call["options"]> = {}): Call => {
  const links = { before: null, behind: null }
  const runs = options.inline === true ? run : null
  return { ...links, name, producer, options, run: runs, isMoved: false } as unknown as Call
}

const drain = (queue: TaskQueue): Array<string> => {
  const names: Array<string> = []
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) names.push(next.name)
  return names
}

describe("TaskQueue", () => {
  it("keeps the order of one goroutine, and lets several take turns", () => {
    const queue = new TaskQueue()
    for (const name of ["a1", "a2", "a3"]) queue.push(call(name, 1))
    for (const name of ["b1", "b2"]) queue.push(call(name, 2))
    queue.push(call("c1", 3))
    expect(queue.length).toBe(6)
    expect(drain(queue)).toEqual(["a1", "b1", "c1", "a2", "b2", "a3"])
    expect(queue.length).toBe(0)
  })

  it("gives those of a higher priority first", () => {
    const queue = new TaskQueue()
    queue.push(call("low"))
    queue.push(call("high", 1, { priority: 2 }))
    queue.push(call("middle", 1, { priority: 1 }))
    queue.push(call("lowest", 1, { priority: -1 }))
    expect(drain(queue)).toEqual(["high", "middle", "low", "lowest"])
  })

  it("has what is withdrawn no more, and keeps the order and the turns of the rest", () => {
    const queue = new TaskQueue()
    const leaving = [call("a1", 1), call("b1", 2), call("high", 3, { priority: 1 }), call("a3", 1)] as const
    for (const each of [leaving[0], call("a2", 1), leaving[3], call("a4", 1), leaving[1], call("c1", 3), leaving[2]])
      queue.push(each)
    for (const each of leaving) queue.remove(each)
    expect(queue.length).toBe(3)
    queue.push(call("b2", 2))
    expect(drain(queue)).toEqual(["a2", "c1", "b2", "a4"])
    queue.push(call("again", 1))
    expect(drain(queue)).toEqual(["again"])
  })

  it("puts what comes back before what waits", () => {
    const queue = new TaskQueue()
    queue.push(call("second"))
    queue.putBack(call("first"))
    expect(drain(queue)).toEqual(["first", "second"])
  })

  it("finds those that may run in the pool's own thread, wherever they stand", () => {
    const queue = new TaskQueue()
    queue.push(call("not"))
    queue.push(call("may", 1, { inline: true }))
    queue.push(call("not either", 2))
    expect(queue.takeInline(run)?.name).toBe("may")
    expect([queue.length, queue.takeInline(run)]).toEqual([2, undefined])
    expect(drain(queue)).toEqual(["not", "not either"])
  })

  it("gives a run none that another one may run here", () => {
    const queue = new TaskQueue()
    queue.push(call("may", 1, { inline: true }))
    expect(queue.takeInline(Object.create(null) as RunOfCall)).toBe(undefined)
    expect(queue.takeInline(run)?.name).toBe("may")
  })
})
