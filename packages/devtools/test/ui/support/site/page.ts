/** A page with goroutines, that has prepared nothing but what a test calls. */
import { chan } from "@weft/channels"
import { go, run, sleep } from "@weft/core"
import { connect } from "@weft/devtools/browser"

void run(function* () {
  const orders = chan<number>(2)
  go.named("clerk", function* clerk() {
    for (let i = 0; ; i++) {
      yield* orders.send(i)
      yield* sleep("20 millis")
    }
  })
  go.named("packer", function* packer() {
    for (;;) yield* orders.receive()
  })
  const never = chan<string>()
  for (let i = 0; i < 5; i++)
    go.named("subscriber", function* subscriber() {
      yield* never.receive()
    })
  yield* never.receive()
})

const worker = new Worker("/worker.js", { type: "module", name: "packing hall" })

Object.assign(globalThis, {
  connectHere: (address: string) =>
    connect(address).then(
      (connected) => {
        Object.assign(globalThis, { connected })
        void connected.closed.then((why) => Object.assign(globalThis, { closedBecause: why }))
        return connected.address
      },
      (error: unknown) => String(error),
    ),
  connectWorker: (address: string) => worker.postMessage(address),
})
