/** Two goroutines that take two locks in different orders, and others that work on: a deadlock that the program as a whole does not notice. */
import { go, run, sleep } from "@weft/core"
import { Mutex } from "@weft/sync"

const accounts = new Mutex()
const audit = new Mutex()

function* transfer(first: Mutex, second: Mutex) {
  yield* first.lock()
  yield* sleep("10 millis")
  yield* second.lock()
}

await run(function* () {
  go.named("transfer", transfer, accounts, audit)
  go.named("report", transfer, audit, accounts)
  go.named("late", function* () {
    yield* sleep("50 millis")
    yield* accounts.lock()
  })
  go.named("healthy", function* () {
    for (;;) yield* sleep("5 millis")
  })
  yield* sleep("100 millis")
  console.log("ready")
  for (;;) yield* sleep("20 millis")
})
