import type { Fault } from "../fault.ts"

const file = "sync/src/wait-group.ts"

export const syncFaults: ReadonlyArray<Fault> = [
  {
    name: "wait-group: wakes only the first waiter",
    file,
    find: "if (count === 0) this.waiters.commitAll(undefined)",
    replace: "if (count === 0) this.waiters.shift()?.commit(undefined)",
    breaks: "reaching zero releases every waiter",
  },
  {
    name: "wait-group: releases at one",
    file,
    find: "if (count === 0) this.waiters.commitAll(undefined)",
    replace: "if (count <= 1) this.waiters.commitAll(undefined)",
    breaks: "nobody is released before zero",
  },
  {
    name: "wait-group: ready at one",
    file,
    find: "return this.counter.count === 0 ? undefined : NotReady",
    replace: "return this.counter.count <= 1 ? undefined : NotReady",
    breaks: "wait is ready exactly while the counter is zero",
  },
  {
    name: "wait-group: goes below zero",
    file,
    find: "if (count < 0) throw",
    replace: "if (count < -1) throw",
    breaks: "the counter is never negative",
  },
  {
    name: "wait-group: a refused call has counted",
    file,
    find: "const count = this.count + delta\n",
    replace: "const count = (this.count += delta)\n",
    breaks: "a refused call changes nothing",
  },
  {
    name: "wait-group: forgets to dequeue",
    file,
    find: "this.counter.waiters.remove(waiter)",
    replace: "void waiter",
    breaks: "a wait that lost a select leaves nothing behind",
  },
  {
    name: "wait-group: counts no goroutine down",
    file,
    find: "goroutine.onExit(this.#done)",
    replace: "void this.#done",
    breaks: "a goroutine counts until it ends",
  },
  {
    name: "wait-group: counts before it knows the body",
    file,
    find: '    const goroutine = started("WaitGroup.go", body, args) as Goroutine<A, ErrorOf<Y>> // first: a bad body throws here and leaves the counter alone\n    this.#counter.add(1)',
    replace:
      '    this.#counter.add(1)\n    const goroutine = started("WaitGroup.go", body, args) as Goroutine<A, ErrorOf<Y>>\n    void 0',
    breaks: "a bad body leaves the counter alone",
  },
  {
    name: "wait-group: takes any number",
    file,
    find: "if (!Number.isSafeInteger(delta))",
    replace: "if (Number.isNaN(delta))",
    breaks: "only a whole number is added",
  },
]
