import { describe, expect, it } from "vitest"
import { type Call, Here, Queued, type RunOfCall } from "./call.ts"
import { TaskQueue } from "./task-queue.ts"

const run = Object.create(null) as RunOfCall
let isWanted = true
const call = (name: string, producer = 1, options: Partial<Call["options"]> = {}): Call => {
  const made = {
    name,
    producer,
    options,
    run: options.inline === true ? run : null,
    state: Queued,
    isMoved: false,
    isWanted,
  } as unknown as Call
  isWanted = true
  return made
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

  it("skips what was withdrawn, and forgets a goroutine with nothing left", () => {
    const queue = new TaskQueue()
    isWanted = false
    queue.push(call("withdrawn"))
    queue.withdrawn()
    queue.push(call("kept", 2))
    expect(queue.length).toBe(1)
    expect(drain(queue)).toEqual(["kept"])
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
    const found = queue.takeInline(run)!
    expect(found.name).toBe("may")
    found.state = Here
    expect([queue.length, queue.takeInline(run)]).toEqual([2, undefined])
    expect(drain(queue)).toEqual(["not", "not either"])
  })
})
