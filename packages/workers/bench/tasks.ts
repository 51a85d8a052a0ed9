/**
 * What a task costs beside the work it does: `node --conditions=@weft/source packages/workers/bench/tasks.ts`.
 *
 * One thread, so that the figures don't depend on the number of cores. Medians of rounds, in microseconds.
 */
import { chan, type Receiver, type Sender } from "@weft/channels"
import { type Op, run } from "@weft/core"
import { Pool, task } from "@weft/workers"

const nothing = task(import.meta.url, "nothing", function* () {})

const echo = task(import.meta.url, "echo", function* (from: Receiver<number>, to: Sender<number>) {
  yield* from.forEach(function* (n) {
    yield* to.send(n)
  })
})

const rounds = 15

await run(function* () {
  const pool = new Pool({ threads: 1 })
  const began = performance.now()
  yield* pool.spawn(nothing)
  print("a thread's start and its first task", (performance.now() - began) * 1000)

  yield* measure("a task, spawned and joined", 500, function* (n) {
    for (let i = 0; i < n; i++) yield* pool.spawn(nothing)
  })
  yield* measure("each of 5,000 tasks spawned at once", 5000, function* (n) {
    const goroutines = Array.from({ length: n }, () => pool.spawn(nothing))
    for (const goroutine of goroutines) yield* goroutine
  })

  const [there, back] = [chan<number>(), chan<number>()]
  const echoing = pool.spawn(echo, there, back)
  yield* measure("a value over unbuffered channels, there and back", 500, function* (n) {
    for (let i = 0; i < n; i++) {
      yield* there.send(i)
      yield* back.receive()
    }
  })
  there.close()
  yield* echoing
})

function* measure(what: string, n: number, body: (n: number) => Generator<Op<unknown, unknown>, void, unknown>) {
  const micros: Array<number> = []
  for (let round = 0; round < rounds; round++) {
    const began = performance.now()
    yield* body(n)
    micros.push(((performance.now() - began) * 1000) / n)
  }
  print(what, micros.toSorted((a, b) => a - b)[rounds >> 1]!)
}

function print(what: string, micros: number): void {
  console.log(`${what.padEnd(50)}${micros.toFixed(1).padStart(9)} µs`)
}
