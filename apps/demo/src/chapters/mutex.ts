/** A lock for what must hold across a `yield*`: the same payments without and with one; then a lock in a select, and readers beside writers. */
import { select } from "@weft/channels"
import { go, joinAll, run, sleep } from "@weft/core"
import { Mutex, RWMutex } from "@weft/sync"
import type { Stage } from "../stage.ts"

export async function main({ explain, print }: Stage): Promise<void> {
  await run(function* () {
    let balance = 0
    function* pay() {
      const read = balance
      yield* sleep(10) // asks a database, say: others run meanwhile
      balance = read + 10
    }
    const mutex = new Mutex()
    function* payAlone() {
      using _ = yield* mutex.lock()
      yield* pay()
    }
    const ten = Array.from({ length: 10 })

    yield* joinAll(ten.map(() => go(pay)))
    print(`ten payments of 10 without a lock: ${balance}`)

    balance = 0
    yield* joinAll(ten.map(() => go(payAlone)))
    print(`ten payments of 10 with a Mutex:   ${balance}`)

    explain(
      "Between two yield* no other goroutine runs, so most of what Go needs a Mutex for needs none here. What must hold across one does: pay() reads, waits, and writes.",
    )

    using held = yield* mutex.lock()
    const hit = yield* select({ lock: mutex.lock(), late: sleep(30) })
    print(`a select on a lock that is held, for 30 ms: ${hit.case}`)
    held[Symbol.dispose]()
    print(`who gave up holds nothing: locked is ${mutex.locked}`)
  })

  await run(function* () {
    const rw = new RWMutex()
    const open: Array<string> = []
    function* read(name: string) {
      using _ = yield* rw.rlock()
      open.push(name)
      yield* sleep(20)
      print(`${name} reads, and ${open.length - 1} others`)
      open.splice(open.indexOf(name), 1)
    }
    function* write() {
      using _ = yield* rw.lock()
      print(`the writer is alone: ${open.length} readers`)
    }
    yield* joinAll([go(read, "Ann"), go(read, "Bob"), go(write), go(read, "Cat")])
  })

  explain("Readers share an RWMutex. A writer that waits stops new readers, so it is not starved: Cat comes after it.")
}
