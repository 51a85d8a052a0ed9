/** A fixed number of goroutines over one channel of jobs: never more requests at a time than workers. */
import { chan } from "@weft/channels"
import { go, Op, run } from "@weft/core"
import { WaitGroup } from "@weft/sync"
import type { Stage } from "../stage.ts"

export async function main({ print, site }: Stage): Promise<void> {
  await run(function* () {
    const jobs = chan<string>()
    const results = chan<string>()
    const workers = new WaitGroup()

    for (const name of ["ann", "bob", "cyd"]) {
      workers.go(function* () {
        yield* jobs.forEach(function* (path) {
          const { status } = yield* Op.fromPromise((signal) => fetch(site + path, { signal }))
          yield* results.send(`${name}  ${path}  ${status}`)
        })
      })
    }

    go(function* () {
      for (const file of ["tags", "users", "photos"]) {
        for (const page of [1, 2, 3]) yield* jobs.send(`/${file}.json?page=${page}`)
      }
      jobs.close() // ends the loops of the workers
      yield* workers.wait()
      results.close() // ends the loop below
    })

    yield* results.forEach((line) => print(line))
  })
}
