/** A program with one fault of each kind beside work that goes on: the tests attach to it. */
import { chan, type Channel } from "@weft/channels"
import { go, run, sleep } from "@weft/core"
import { Mutex } from "@weft/sync"

const accounts = { a: new Mutex(), b: new Mutex() }

function transfer(from: Mutex, to: Mutex) {
  return function* transferring() {
    yield* from.lock()
    yield* sleep(20)
    yield* to.lock()
  }
}

function* worker(jobs: Channel<number>) {
  for (;;) yield* jobs.receive()
}

function leak() {
  const forgotten = chan<number>()
  go(function* forgetful() {
    yield* forgotten.receive()
  })
}

await run(function* main() {
  const jobs = chan<number>(3)
  for (let i = 0; i < 5; i++) go(() => worker(jobs))
  const ab = go(transfer(accounts.a, accounts.b))
  go(transfer(accounts.b, accounts.a))
  go(function* auditor() {
    yield* ab.join()
  })
  leak()
  yield* sleep(300)
  process.stdout.write("ready\n")
  for (let i = 0; ; i++) {
    yield* jobs.send(i)
    yield* sleep(10)
  }
})
