import { Worker } from "node:worker_threads"
import { chan, type Channel, select } from "@weft/channels"
import { go, gosched, run, sleep } from "@weft/core"
import { AtomicInt32 } from "@weft/sync"
import { Pool } from "@weft/workers"
import { expect, it } from "vitest"
import { Elsewhere } from "../../test/support/elsewhere.ts"
import { thrownBy } from "../../test/support/thrown-by.ts"
import { endsInCommit } from "../../test/tasks/ends-in-commit.node.ts"
import { fates } from "./fates.ts"

it("a wait is given up though the thread that looks at it has ended meanwhile, and no message can tell", () =>
  run(function* () {
    const elsewhere = new Elsewhere()
    const far = elsewhere.channel()
    const here = chan<string>()
    const goroutine = go(function* () {
      return yield* select({ far: far.receive(), here: here.receive() })
    })
    while (elsewhere.entries.length < 2) yield* gosched()
    expect(elsewhere.received().claim.begin()).toBe(true)
    // Says what the thread that has started it sees, while this one looks again and again.
    const fate = { words: fates()!, index: elsewhere.number & 1023, word: (elsewhere.number << 1) | 1 }
    const says = new Worker(
      "const { index, word, words } = require('worker_threads').workerData; Atomics.store(words, index, word)",
      { eval: true, workerData: fate },
    )
    expect(here.trySend("taken")).toBe(true)
    expect(yield* goroutine).toMatchObject({ case: "here", value: "taken" })
    elsewhere.ends()
    void says.terminate()
  }))

it("a wait is given up though the thread that looks at it ends by itself, and this one had started it", () =>
  run(function* () {
    const pool = new Pool({ threads: 1 })
    const out = chan<Channel<number>>(1)
    const step = new AtomicInt32()
    const crash = go(thrownBy, pool.spawn(endsInCommit, out, step))
    const far = (yield* out.receive())!
    const here = chan<string>()
    const selecting = go(function* () {
      return yield* select({ far: far.send(1), here: here.receive() })
    })
    while (step.load() !== 1) yield* sleep(1)
    // Now it looks, and then ends: this thread hears of it by no message before it has given up.
    step.store(2)
    expect(here.trySend("taken")).toBe(true)
    expect(yield* selecting).toMatchObject({ case: "here", value: "taken" })
    expect(yield* crash).toMatchObject({ name: "WorkerCrashed", fields: { exitCode: 3 } })
    void pool.terminate()
  }))
