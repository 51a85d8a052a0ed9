/** Create, switch, keep: what the kernel does for a thread, and user space for a goroutine. Measured here, now. */
import { once } from "node:events"
import { Worker } from "node:worker_threads"
import { type Body, go, gosched, joinAll, never, Op, run, type Yieldable } from "@weft/core"
import { spawn, task } from "@weft/workers"
import type { Stage } from "../stage.ts"

const [MINE, YOURS, OVER] = [0, 1, 2]

/** Takes turns with another thread: until it is its turn, this one is asleep in the kernel. */
const play = task(import.meta.url, "play", function* (turn: Int32Array) {
  while (Atomics.load(turn, 0) !== OVER) {
    give(turn, MINE)
    Atomics.wait(turn, 0, MINE)
  }
})

function* waits() {
  yield* never
}

function give(turn: Int32Array, to: number): void {
  Atomics.store(turn, 0, to)
  Atomics.notify(turn, 0)
}

export async function main({ explain, table }: Stage): Promise<void> {
  const threads: Array<Worker> = []

  await run(function* () {
    const keep = yield* cost("KiB", 100_000, function* (times: number) {
      for (let i = 0; i < times; i++) go(waits)
      yield* gosched() // all of them run up to where they wait
    })
    const keepThread = yield* cost("KiB", 8, function* (times: number) {
      for (let i = 0; i < times; i++) yield* thread("setInterval(() => {}, 1e6)", "online")
    })
    for (const worker of threads) void worker.terminate()

    const create = yield* cost("µs", 50_000, function* (times: number) {
      yield* joinAll(Array.from({ length: times }, () => go(yields, 0)))
    })
    const createThread = yield* cost("µs", 4, function* (times: number) {
      for (let i = 0; i < times; i++) yield* thread("", "exit")
    })

    const turn = new Int32Array(new SharedArrayBuffer(4)).fill(YOURS)
    const player = spawn(play, turn)
    yield* Op.fromPromise(async () => Atomics.waitAsync(turn, 0, YOURS).value)
    const change = yield* cost("µs", 200_000, function* (times: number) {
      yield* joinAll([go(yields, times / 2), go(yields, times / 2)])
    })
    const changeThread = yield* cost("µs", 10_000, function* (times: number) {
      for (let i = 0; i < times; i += 2) {
        give(turn, YOURS)
        Atomics.wait(turn, 0, YOURS)
      }
    })
    give(turn, OVER)
    yield* player

    table({
      create: row(create, createThread, "µs"),
      switch: row(change, changeThread, "µs"),
      keep: row(keep, keepThread, "KiB"),
    })
  })

  explain(
    "A thread is the kernel's: it gets a stack of a fixed size, megabytes of it, and each switch goes through the kernel. One of JavaScript's brings an engine along. A goroutine is an object that remembers where it stopped: Go's has a stack of 2 KB that grows, this one a generator's variables. Who runs next is decided in user space, by a function call.",
  )

  function* yields(times: number) {
    for (let i = 0; i < times; i++) yield* gosched()
  }
  function thread(code: string, until: string) {
    const worker = new Worker(code, { eval: true })
    threads.push(worker)
    return Op.fromPromise(() => once(worker, until))
  }

  /** Of one, in the processor's time: others have their share of the machine. */
  function* cost<Y extends Yieldable>(unit: "µs" | "KiB", times: number, body: Body<void, Y, [number]>) {
    const before = usage()[unit]
    yield* go(body, times)
    return (usage()[unit] - before) / times
  }

  function usage() {
    globalThis.gc?.() // node --expose-gc: count what is held, not what is left to collect
    const { system, user } = process.cpuUsage()
    return { µs: system + user, KiB: process.memoryUsage.rss() / 1_024 }
  }

  function row(goroutine: number, thread: number, unit: string) {
    const figure = (n: number) => Number(n.toPrecision(2)).toLocaleString("en")
    const times = figure(thread / goroutine)
    return { goroutine: `${figure(goroutine)} ${unit}`, thread: `${figure(thread)} ${unit}`, times }
  }
}
