/** A trace of the shop: its goroutines, by their numbers, take jobs from channels, queue for a lock and sleep. A whole trace file, always the same. */
import { RecordKind } from "../../../src/format/record-kind.ts"
import { FrameKind } from "../../../src/format/trace-file.ts"
import { encodeFrame, encodeMagic } from "../../../src/trace/writer.ts"
import { seeded } from "./seeded.ts"
import { objects, shopDump } from "./shop.ts"

const ZERO = Date.UTC(2026, 10, 27, 22, 18)
const STRINGS = [
  ...["chan receive", "chan send", "sync.Mutex.Lock", "sleep", "promise", "select"],
  ...["price the basket", "out of stock: 3 of 4 in the basket"],
] as const
type Text = (typeof STRINGS)[number]
const text = (one: Text): number => STRINGS.indexOf(one) + 1

export function shopTrace(millis = 400): ReadonlyArray<Uint8Array<ArrayBuffer>> {
  const frames = [
    encodeMagic(),
    encodeFrame({
      kind: FrameKind.Meta,
      ...{ pid: 41_237, title: "shop-api", argv: ["node", "dist/main.js"], host: "shop-1", runtime: "node 24.21.0" },
      ...{ cores: 4, startedAt: ZERO, ops: true },
    }),
  ]
  let records = 0
  for (const { goroutines, name, thread } of shopDump().threads) {
    const words = new Simulation(seeded(thread + 3), thread).run(millis * 1e6)
    const roster = goroutines.filter(
      ({ id }) => thread === 1 || id < 200 || (id >= 300 && id < 320) || (id > 600 && id < 720),
    )
    frames.push(
      encodeFrame({ kind: FrameKind.Thread, thread, name, zero: ZERO }),
      encodeFrame({ kind: FrameKind.Strings, thread, first: 1, strings: STRINGS }),
      encodeFrame({ kind: FrameKind.Objects, thread, objects: Object.values(objects) }),
      encodeFrame({
        kind: FrameKind.Goroutines,
        thread,
        goroutines: roster.map(({ id, isMain, name: of, on, reason = "sleep", startedAt = "" }) => ({
          ...{ id, isMain, name: of, status: "waiting" as const, reason, on, startedAt },
        })),
      }),
      encodeFrame({ kind: FrameKind.Records, thread, dropped: 0, words }),
    )
    records += words.length / 2
  }
  return [...frames, encodeFrame({ kind: FrameKind.End, reason: "asked", records, dropped: 0 })]
}

interface Role {
  readonly ids: readonly [from: number, count: number]
  readonly reason: Text
  readonly object: number
  readonly op?: Text
  /** The role that it wakes, by its place in the list. */
  readonly wakes?: number
  /** Of a run, in microseconds. */
  readonly runs: number
}

const roles: ReadonlyArray<ReadonlyArray<Role>> = [
  [
    { ids: [110, 20], reason: "chan send", object: objects.jobs.id, op: "chan send", wakes: 1, runs: 60 },
    { ids: [10, 24], reason: "promise", object: 0, op: "chan receive", wakes: 0, runs: 210 },
    { ids: [41, 20], reason: "sync.Mutex.Lock", object: objects.stock.id, wakes: 2, runs: 90 },
    { ids: [300, 20], reason: "select", object: 0, runs: 40 },
    { ids: [620, 12], reason: "promise", object: 0, runs: 130 },
  ],
  [{ ids: [1, 22], reason: "chan receive", object: objects.jobs.id, op: "chan receive", runs: 900 }],
]

interface Waiting {
  readonly role: Role
  readonly id: number
}

class Simulation {
  readonly #words: Array<number> = []
  readonly #random: () => number
  readonly #roles: ReadonlyArray<Role>
  #now = 0
  #level = 20
  #regions = 0

  constructor(random: () => number, thread: number) {
    this.#random = random
    this.#roles = roles[thread]!
  }

  run(nanos: number): Int32Array {
    this.#clock()
    const ready: Array<Waiting> = []
    const waiting = this.#roles.flatMap((role) =>
      Array.from({ length: role.ids[1] }, (_, i) => ({ role, id: role.ids[0] + i })),
    )
    while (this.#now < nanos) {
      if (ready.length === 0) {
        this.#record(RecordKind.Idle, 0, 0)
        this.#pass(80_000 + 900_000 * this.#random())
        const burst = 1 + Math.floor(12 * this.#random())
        for (let i = 0; i < burst; i++) this.#wake(waiting, ready, 1)
      }
      const one = ready.shift()!
      this.#record(RecordKind.Start, 0, one.id)
      const run = one.role.runs * 1_000 * (0.2 + 1.6 * this.#random())
      this.#pass(run / 2)
      if (one.role.op !== undefined) this.#operate(one.role)
      const region = one.role.op === "chan receive" && this.#random() < 0.5 ? ++this.#regions : 0
      if (region > 0) this.#record(RecordKind.RegionBegin, text("price the basket"), region)
      if (this.#random() < 0.01) this.#record(RecordKind.Log, text("out of stock: 3 of 4 in the basket"), 0)
      if (this.#random() < 0.75) this.#wake(waiting, ready, 0, one.role.wakes)
      if (this.#random() < 0.2) this.#wake(waiting, ready, 0)
      this.#pass(run / 2)
      if (region > 0) this.#record(RecordKind.RegionEnd, text("price the basket"), region)
      this.#record(RecordKind.Park, text(one.role.reason), one.role.object)
      waiting.push(one)
      if (this.#random() < 0.004) this.#record(RecordKind.Gc, 1, Math.floor(1_500 * this.#random()))
    }
    return Int32Array.from(this.#words)
  }

  #operate({ op }: Role): void {
    const object = objects.jobs.id
    this.#record(RecordKind.Op, text(op!), object)
    this.#level = Math.min(64, Math.max(0, this.#level + (op === "chan send" ? 2 : -1)))
    this.#record(RecordKind.Level, this.#level, object)
  }

  /** Of those that wait, mostly whoever waits longest; of one role, if one is given and any of it wait. */
  #wake(waiting: Array<Waiting>, ready: Array<Waiting>, outside: number, role?: number): void {
    const alike = role === undefined ? [] : waiting.filter((one) => one.role === this.#roles[role])
    // Nobody outside sends on a channel or holds a lock, unless nobody else is left; now and then somebody does.
    const free = waiting.filter((one) => one.role.object === 0 || this.#random() < 0.1)
    const among = alike.length > 0 ? alike : free.length > 0 ? free : waiting
    const one = among[Math.floor(among.length * this.#random() ** 2)]
    if (one === undefined) return
    waiting.splice(waiting.indexOf(one), 1)
    this.#record(RecordKind.Unpark, outside, one.id)
    ready.push(one)
  }

  #pass(nanos: number): void {
    this.#now += Math.round(nanos)
    this.#clock()
  }

  #clock(): void {
    this.#words.push(RecordKind.Clock | (Math.floor(this.#now / 2 ** 32) << 5), this.#now | 0)
  }

  #record(kind: number, arg: number, id: number): void {
    this.#words.push(kind | (arg << 5), id)
  }
}
