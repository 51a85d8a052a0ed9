/**
 * What is traced, in a process of its own: `node workload.ts <name>`. Says "ready", and for each line "n" on its input does n operations and says how many nanoseconds
 * each has taken.
 */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { createInterface } from "node:readline"
import { chan, select } from "@weft/channels"
import { go, Op, run } from "@weft/core"
import { WaitGroup } from "@weft/sync"

type Workload = (operations: number) => Promise<unknown>

const workloads: Readonly<Record<string, () => Workload | Promise<Workload>>> = {
  "ping-pong": () => (n) =>
    run(function* () {
      const ping = chan<number>()
      const pong = chan<number>()
      go(function* () {
        for (let v = yield* ping.receive(); v !== undefined; v = yield* ping.receive()) yield* pong.send(v + 1)
      })
      for (let i = 0; i < n; i++) {
        yield* ping.send(i)
        yield* pong.receive()
      }
      ping.close()
    }),

  stream: () => (n) =>
    run(function* () {
      const numbers = chan<number>()
      go(function* () {
        for (let i = 0; i < n; i++) yield* numbers.send(i)
        numbers.close()
      })
      while ((yield* numbers.receive()) !== undefined);
    }),

  select: () => (n) =>
    run(function* () {
      const a = chan<number>()
      const b = chan<number>()
      go(function* () {
        for (let i = 0; i < n; i++) yield* (i % 2 === 0 ? a : b).send(i)
      })
      for (let i = 0; i < n; i++) yield* select({ a: a.receive(), b: b.receive() })
    }),

  spawn: () => (n) =>
    run(function* () {
      const done = new WaitGroup()
      function* nothing() {}
      for (let i = 0; i < n; i += 1000) {
        for (let j = 0; j < 1000; j++) done.go(nothing)
        yield* done.wait()
      }
    }),

  http: async () => {
    const orders = Array.from({ length: 50 }, (_, id) => ({
      id,
      name: `order ${id}`,
      lines: [1, 2, 3],
      total: id * 3.5,
    }))
    const server = createServer((request, response) => {
      const parts: Array<Buffer> = []
      request.on("data", (part: Buffer) => parts.push(part))
      request.on("end", () => {
        const jobs = chan<number>(8)
        void run(function* () {
          const body = JSON.parse(Buffer.concat(parts).toString()) as { ids: Array<number> }
          go(function* () {
            for (const id of body.ids) yield* jobs.send(id)
            jobs.close()
          })
          const found: Array<unknown> = []
          for (let id = yield* jobs.receive(); id !== undefined; id = yield* jobs.receive()) found.push(orders[id])
          response.end(JSON.stringify(found))
        })
      })
    })
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const body = JSON.stringify({ ids: orders.map(({ id }) => id) })
    return (n) =>
      run(function* () {
        const clients = new WaitGroup()
        for (let client = 0; client < 10; client++)
          clients.go(function* () {
            for (let i = client; i < n; i += 10)
              yield* Op.fromPromise(async (signal) => (await fetch(url, { method: "POST", body, signal })).json())
          })
        yield* clients.wait()
      })
  },
}

const workload = await workloads[process.argv[2]!]!()
const measure = async (n: number): Promise<number> => {
  const began = performance.now()
  await workload(n)
  return ((performance.now() - began) * 1e6) / n
}

createInterface({ input: process.stdin }).on("line", (line) => {
  void measure(Number(line)).then((nanos) => console.log(nanos))
})
console.log("ready")
