/**
 * A made-up thread: goroutines that send, receive, lock, sleep, select and start others, on a scheduler that runs them in order and records what they do as
 * the recorder would.
 */
import { RecordKind } from "../format/record-kind.ts"
import type { TracedObject } from "../format/trace-file.ts"

/** Strings of every synthetic thread, from number 1 on. */
export const syntheticStrings: ReadonlyArray<string> = [
  ...["chan send", "chan receive", "sync.Mutex.Lock", "sleep", "select", "sync.WaitGroup.Wait"],
  ...["main", "producer", "consumer", "locker", "sleeper", "selector", "spawner", "job"],
  ...["src/pipeline.ts:12:3", "src/pipeline.ts:31:3", "src/cache.ts:8:5", "src/poll.ts:20:1", "src/router.ts:44:7"],
  ...["src/jobs.ts:17:5", "src/jobs.ts:19:9", "request", "request took long", "TypeError: job 7 is not a function"],
]

const numbers = new Map(syntheticStrings.map((text, i) => [text, i + 1]))
const string = (text: string): number => numbers.get(text) ?? 0

interface Made {
  readonly id: number
  readonly role: (goroutine: Made) => void
  readonly object: number
  parent: Made | undefined
  region: number
}

interface Channel {
  readonly id: number
  readonly capacity: number
  length: number
  readonly senders: Array<Made>
  readonly receivers: Array<Made>
}

export class SyntheticThread {
  readonly objects: ReadonlyArray<TracedObject>
  readonly #random: () => number
  readonly #ops: boolean
  readonly #queue: Array<Made> = []
  readonly #sleeping: Array<Made> = []
  readonly #selecting: Array<Made> = []
  readonly #channels: ReadonlyArray<Channel>
  readonly #lockers: Array<Made> = []
  #holder: Made | undefined
  #running: Made | undefined
  #goroutines = 0
  #regions = 0
  #now = 1_000_000
  #clock = -Infinity
  #sliceEnd = 0
  #words: Int32Array = new Int32Array(0)
  #length = 0

  /** `ops`: whether every op is recorded, and how full channels are. */
  constructor(random: () => number, ops: boolean) {
    this.#random = random
    this.#ops = ops
    this.#channels = [4, 64].map((capacity, i) => ({ id: i + 1, capacity, length: 0, senders: [], receivers: [] }))
    const channels = this.#channels.map(({ id, capacity }) => ({ id, kind: "Buffered", capacity }))
    this.objects = [...channels, { id: MUTEX, kind: "Mutex" }, { id: GROUP, kind: "WaitGroup" }]
  }

  /** At least so many records, or a few more. */
  record(count: number): Int32Array {
    this.#words = new Int32Array(2 * (count + MOST_OF_A_STEP))
    this.#length = 0
    this.#clock = -Infinity
    if (this.#goroutines === 0) this.#begin()
    while (this.#length < 2 * count) this.#step()
    return this.#words.subarray(0, this.#length)
  }

  #begin(): void {
    const main = this.#create("main", "", () => {}, GROUP)
    this.#queue.shift()
    this.#running = main
    this.#add(RecordKind.Start, 0, main.id)
    for (const { id } of this.#channels) {
      for (let i = 0; i < 3; i++) this.#create("producer", "src/pipeline.ts:12:3", (g) => this.#send(g), id)
      for (let i = 0; i < 2; i++) this.#create("consumer", "src/pipeline.ts:31:3", (g) => this.#receive(g), id)
    }
    for (let i = 0; i < 4; i++) this.#create("locker", "src/cache.ts:8:5", (g) => this.#lock(g), MUTEX)
    for (let i = 0; i < 3; i++) this.#create("sleeper", "src/poll.ts:20:1", (g) => this.#sleep(g), 0)
    this.#create("selector", "src/router.ts:44:7", (g) => this.#select(g), 0)
    this.#create("spawner", "src/jobs.ts:17:5", (g) => this.#spawn(g), GROUP)
    this.#park("sync.WaitGroup.Wait", GROUP)
  }

  #step(): void {
    const goroutine = this.#queue.shift()
    if (goroutine === undefined || this.#now >= this.#sliceEnd) {
      if (goroutine !== undefined) this.#queue.unshift(goroutine)
      return this.#idle()
    }
    this.#running = goroutine
    this.#add(RecordKind.Start, 0, goroutine.id)
    // Most steps are short; one in some thousands keeps the thread.
    this.#now += this.#random() < 0.0003 ? 2_000_000 * this.#random() : 1200 * this.#random() ** 4
    goroutine.role(goroutine)
  }

  #idle(): void {
    this.#clock = -Infinity
    this.#add(RecordKind.Idle, this.#queue.length > 0 ? 1 : 0, 0)
    if (this.#random() < 0.5)
      this.#add(RecordKind.Gc, this.#random() < 0.9 ? 1 : 4, Math.floor(100 + 900 * this.#random()))
    if (this.#random() < 0.2) this.#add(RecordKind.LoopDelay, 0, Math.floor(1000 + 20_000 * this.#random()))
    this.#now += 2000 + 100_000 * this.#random()
    this.#clock = -Infinity
    this.#sliceEnd = this.#now + 10_000_000
    for (const sleeper of this.#sleeping.splice(0)) this.#wake(sleeper, FROM_OUTSIDE)
  }

  #send(goroutine: Made): void {
    const channel = this.#channels[goroutine.object - 1]!
    for (let left = 1 + 4 * this.#random(); left > 0; left--) {
      if (channel.length === channel.capacity) {
        channel.senders.push(goroutine)
        return this.#park("chan send", channel.id)
      }
      this.#level("chan send", channel, channel.length + 1)
      const receiver = channel.receivers.shift()
      if (receiver !== undefined) this.#wake(receiver, BY_RUNNING)
    }
    this.#yield(goroutine)
  }

  #receive(goroutine: Made): void {
    const channel = this.#channels[goroutine.object - 1]!
    for (let left = 1 + 8 * this.#random(); left > 0; left--) {
      if (channel.length === 0) {
        channel.receivers.push(goroutine)
        return this.#park("chan receive", channel.id)
      }
      this.#level("chan receive", channel, channel.length - 1)
      const sender = channel.senders.shift()
      if (sender !== undefined) this.#wake(sender, BY_RUNNING)
    }
    this.#yield(goroutine)
  }

  #lock(goroutine: Made): void {
    if (this.#holder === goroutine) {
      const next = this.#lockers.shift()
      this.#holder = next
      if (next !== undefined) this.#wake(next, BY_RUNNING)
      return this.#yield(goroutine)
    }
    if (this.#holder !== undefined) {
      this.#lockers.push(goroutine)
      return this.#park("sync.Mutex.Lock", MUTEX)
    }
    this.#holder = goroutine
    this.#yield(goroutine)
  }

  #sleep(goroutine: Made): void {
    if (goroutine.region > 0) this.#add(RecordKind.RegionEnd, string("request"), goroutine.region)
    if (this.#random() < 0.1) this.#add(RecordKind.Log, string("request took long"), 0)
    const waiting = this.#selecting.shift()
    if (waiting !== undefined) this.#wake(waiting, BY_RUNNING)
    goroutine.region = ++this.#regions
    this.#add(RecordKind.RegionBegin, string("request"), goroutine.region)
    this.#sleeping.push(goroutine)
    this.#park("sleep", 0)
  }

  #select(goroutine: Made): void {
    this.#selecting.push(goroutine)
    this.#park("select", 0)
    this.#channels.forEach(({ id }, i) => this.#add(RecordKind.ParkAlso, i, id))
  }

  #spawn(goroutine: Made): void {
    const job = this.#create("job", "src/jobs.ts:19:9", (g) => this.#finish(g), GROUP)
    job.parent = goroutine
    this.#park("sync.WaitGroup.Wait", GROUP)
  }

  #finish(goroutine: Made): void {
    const panics = this.#random() < 0.001
    if (panics) this.#add(RecordKind.Panic, string("TypeError: job 7 is not a function"), goroutine.id)
    if (goroutine.parent !== undefined) this.#wake(goroutine.parent, BY_RUNNING)
    this.#add(RecordKind.End, panics ? 2 : 0, 0)
    this.#running = undefined
  }

  #create(name: string, site: string, role: (goroutine: Made) => void, object: number): Made {
    const goroutine = { id: ++this.#goroutines, role, object, parent: undefined, region: 0 }
    this.#add(RecordKind.Create, string(name), goroutine.id)
    this.#add(RecordKind.CreatedBy, string(site), this.#running?.id ?? 0)
    this.#queue.push(goroutine)
    return goroutine
  }

  #wake(goroutine: Made, how: number): void {
    this.#add(RecordKind.Unpark, how, goroutine.id)
    this.#queue.push(goroutine)
  }

  #park(reason: string, object: number): void {
    this.#add(RecordKind.Park, string(reason), object)
    this.#running = undefined
  }

  #yield(goroutine: Made): void {
    this.#add(RecordKind.Yield, 0, 0)
    this.#queue.push(goroutine)
    this.#running = undefined
  }

  #level(op: string, channel: Channel, length: number): void {
    channel.length = length
    if (!this.#ops) return
    this.#add(RecordKind.Op, string(op), channel.id)
    this.#add(RecordKind.Level, length, channel.id)
  }

  #add(kind: number, arg: number, id: number): void {
    this.#now += 150
    if (this.#now - this.#clock > CLOCK_EVERY) {
      this.#clock = this.#now
      this.#put(RecordKind.Clock, Math.floor(this.#now / 2 ** 32), this.#now % 2 ** 32)
    }
    this.#put(kind, arg, id)
  }

  #put(kind: number, arg: number, id: number): void {
    this.#words[this.#length++] = kind | (arg << 5)
    this.#words[this.#length++] = id
  }
}

const MUTEX = 3
const GROUP = 4
const BY_RUNNING = 0
const FROM_OUTSIDE = 1
const CLOCK_EVERY = 2000
/** Records; the first step starts everybody. */
const MOST_OF_A_STEP = 256
