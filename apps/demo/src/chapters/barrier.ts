/** Nobody goes on before all have come: three goroutines in step, round after round; and a gate that opens once. */
import { go, joinAll, run, sleep } from "@weft/core"
import { Barrier, Latch } from "@weft/sync"
import type { Stage } from "../stage.ts"

export async function main({ explain, print }: Stage): Promise<void> {
  await run(function* () {
    const barrier = new Barrier(3)
    function* weaver(name: string, millis: number) {
      for (const round of [1, 2]) {
        yield* sleep(millis)
        print(`${name} has woven row ${round}`)
        const place = yield* barrier.wait()
        if (place === 2) print(`row ${round} is whole, ${name} was last`)
      }
    }
    yield* joinAll([go(weaver, "Ann", 10), go(weaver, "Bob", 30), go(weaver, "Cat", 60)])
  })

  explain("A Barrier is reusable. wait() gives the place in the round: whoever was last does what is to be done once.")

  await run(function* () {
    const ready = new Latch(2)
    function* service(name: string, millis: number) {
      yield* sleep(millis)
      print(`${name} is up`)
      ready.countDown()
    }
    const services = [go(service, "database", 40), go(service, "cache", 15)]
    yield* ready.wait()
    print("both are up: the doors open, for good")
    yield* joinAll(services)
  })

  explain("A Latch opens once, when it has been counted down to zero, and stays open for whoever comes later.")
}
