/** A server that answers /n with n squared: a goroutine for each request, which asks one of four workers. */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { chan, type Channel } from "@weft/channels"
import { go, hold, run } from "@weft/core"

interface Job {
  readonly n: number
  readonly answer: Channel<number>
}

const jobs = chan<Job>(16)

function* worker() {
  for (let job = yield* jobs.receive(); job !== undefined; job = yield* jobs.receive())
    yield* job.answer.send(job.n * job.n)
}

function* request(n: number, answered: (body: string) => void) {
  const answer = chan<number>()
  yield* jobs.send({ n, answer })
  answered(String(yield* answer.receive()))
}

const server = createServer((incoming, outgoing) => {
  go(request, Number(incoming.url!.slice(1)), (body: string) => outgoing.end(body))
})
server.listen(0, "127.0.0.1", () => console.log(`ready ${(server.address() as AddressInfo).port}`))

await run(
  function* () {
    hold()
    for (let i = 0; i < 4; i++) go(worker)
    yield* chan<never>().receive()
  },
  { deadlock: "ignore" },
)
