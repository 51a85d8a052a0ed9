/** What is done once, however many ask for it at once; and a function that remembers. */
import { go, joinAll, run, sleep } from "@weft/core"
import { Once, onceValue } from "@weft/sync"
import type { Stage } from "../stage.ts"

export async function main({ explain, print }: Stage): Promise<void> {
  await run(function* () {
    const once = new Once()
    let connections = 0
    function* connect() {
      yield* sleep(40)
      connections++
    }
    function* request(name: string) {
      yield* once.do(connect)
      print(`${name} goes on, over connection ${connections}`)
    }
    yield* joinAll(["Ann", "Bob", "Cat"].map((name) => go(request, name)))
    print(`three asked at once, connect() ran ${connections === 1 ? "once" : `${connections} times`}`)

    explain("All wait until the first one's call has ended, as in Go.")

    let reads = 0
    const config = onceValue(function* () {
      reads++
      yield* sleep(20)
      return { port: 8080 }
    })
    print(`port ${(yield* config()).port}, port ${(yield* config()).port}: read ${reads} time`)

    const broken = onceValue(function* (): Generator<never, number> {
      throw new Error("no such file")
    })
    for (const time of ["first", "second"]) {
      try {
        yield* broken()
      } catch (error) {
        print(`the ${time} caller of one that fails: ${String(error)}`)
      }
    }
  })

  explain("What it threw is remembered too: each caller gets it, as from Go's sync.OnceValue.")
}
