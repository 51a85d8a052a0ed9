import type { Fault } from "../fault.ts"

const ring = "channels/src/buffer/ring.ts"

export const bufferFaults: ReadonlyArray<Fault> = [
  {
    name: "ring: off by one when full",
    file: ring,
    find: "push(value: T): void {\n    if (this.length > this.#mask)",
    replace: "push(value: T): void {\n    if (this.length > this.#mask + 1)",
    breaks: "a full ring grows before it is overwritten",
  },
  {
    name: "ring: off by one when full, and one comes before the oldest",
    file: ring,
    find: "unshift(value: T): void {\n    if (this.length > this.#mask)",
    replace: "unshift(value: T): void {\n    if (this.length > this.#mask + 1)",
    breaks: "a full ring grows before it is overwritten",
  },
  {
    name: "ring: the head runs off the other way",
    file: ring,
    find: "this.#head = (this.#head - 1) & this.#mask",
    replace: "this.#head = this.#head - 1",
    breaks: "the head wraps around",
  },
  {
    name: "ring: keeps what was taken back",
    file: ring,
    find: "    this.#slots[(this.#head + this.length) & this.#mask] = undefined\n",
    replace: "",
    breaks: "a value that was taken is not kept",
  },
  {
    name: "ring: off by one at the tail",
    file: ring,
    find: "this.#slots[(this.#head + this.length) & this.#mask] = value",
    replace: "this.#slots[(this.#head + this.length + 1) & this.#mask] = value",
    breaks: "the values stand from head on",
  },
  {
    name: "ring: the head runs off",
    file: ring,
    find: "this.#head = (head + 1) & this.#mask",
    replace: "this.#head = head + 1",
    breaks: "the head wraps around",
  },
  {
    name: "ring: keeps what was taken",
    file: ring,
    find: "    this.#slots[head] = undefined\n",
    replace: "",
    breaks: "a value that was taken is not kept",
  },
  {
    name: "ring: grows in the wrong order",
    file: ring,
    find: "slots[i] = this.#slots[(this.#head + i) & this.#mask]",
    replace: "slots[i] = this.#slots[i]",
    breaks: "a ring that grows keeps its order",
  },
  {
    name: "ring: never shrinks",
    file: ring,
    find: "if (--this.length === 0 && this.#mask >= keptSlots)",
    replace: "if (--this.length === 0 && this.#mask >= Infinity)",
    breaks: "a ring shrinks when a burst is over",
  },
  {
    name: "ring: shrinks while values are in it",
    file: ring,
    find: "if (--this.length === 0 && this.#mask >= keptSlots)",
    replace: "if (--this.length <= 16 && this.#mask >= keptSlots)",
    breaks: "a ring shrinks only once it is empty",
  },
  {
    name: "sliding: throws the newest away",
    file: "channels/src/buffer/sliding.ts",
    find: "    this.ring.shift()\n    this.ring.push(value)",
    replace: "    void value",
    breaks: "keeps the newest values",
  },
  {
    name: "sliding: throws nothing away",
    file: "channels/src/buffer/sliding.ts",
    find: "    this.ring.shift()\n",
    replace: "",
    breaks: "keeps no more than its capacity",
  },
  {
    name: "dropping: waits",
    file: "channels/src/buffer/dropping.ts",
    find: "    return undefined\n",
    replace: "    return super.full(undefined as T) as undefined\n",
    breaks: "a send to a dropping buffer never waits",
  },
  {
    name: "dropping: throws the oldest away",
    file: "channels/src/buffer/dropping.ts",
    find: "  protected override full(): undefined {\n",
    replace:
      "  protected override full(value?: T): undefined {\n    this.ring.shift()\n    this.ring.push(value as T)\n",
    breaks: "keeps the oldest values",
  },
  {
    name: "unbounded: has an end",
    file: "channels/src/buffer/unbounded.ts",
    find: "super(Infinity)",
    replace: "super(1024)",
    breaks: "a send to an unbounded buffer never waits",
  },
]
