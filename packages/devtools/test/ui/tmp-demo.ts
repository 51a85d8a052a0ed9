import { go, run, sleep, gosched } from "@weft/core"
import { chan } from "@weft/channels"
import { Mutex, WaitGroup } from "@weft/sync"
process.title = "shop-demo"
await run(function* () {
  const jobs = chan<number>(16)
  const results = chan<number>()
  const stock = new Mutex()
  const a = new Mutex(),
    b = new Mutex()
  go(function* transferAB() {
    yield* a.lock()
    yield* sleep(50)
    yield* b.lock()
  })
  go(function* transferBA() {
    yield* b.lock()
    yield* sleep(50)
    yield* a.lock()
  })
  for (let i = 0; i < 8; i++)
    go(function* worker() {
      for (;;) {
        const n = yield* jobs.receive()
        let x = 0
        for (let k = 0; k < 40000; k++) x += k ^ (n as any)
        yield* results.send(x)
      }
    })
  for (let i = 0; i < 5; i++)
    go(function* handler() {
      for (;;) {
        yield* stock.lock()
        yield* sleep(3)
        stock.unlock()
        yield* gosched()
      }
    })
  go(function* collector() {
    for (;;) yield* results.receive()
  })
  for (let n = 0; ; n++) {
    yield* jobs.send(n)
    if (n % 20 === 0) yield* sleep(2)
    if (n % 500 === 0)
      go(function* leaky() {
        yield* chan<number>().receive()
      })
  }
})
