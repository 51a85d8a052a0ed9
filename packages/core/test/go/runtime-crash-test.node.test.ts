/** Go's runtime/crash_test and fixedbugs, as far as a program has to end for them: each runs in a Node of its own. */
import { createServer, connect, type AddressInfo, type Socket } from "node:net"
import { go, Op, run } from "@weft/core"
import { describe, expect, it } from "vitest"
import { program } from "../support/program.node.ts"

const head = `import { go, goroutines, never, run } from "@weft/core"\n`
const deadlock = /DeadlockError: all goroutines are asleep - deadlock!\n\ngoroutine 1 \[never\]: main\n/

describe("runtime/crash_test", () => {
  it("SimpleDeadlock: a program that can't go on ends with the report, not with success", async () => {
    const { code, stderr } = await program(`${head} void run(function* main() { yield* never })`)
    expect(stderr).toMatch(deadlock)
    expect(code).toBe(1)
  })

  it("InitDeadlock: so does one that can't go on while its modules load", async () => {
    const { code, stderr, stdout } = await program(
      `${head} await run(function* main() { yield* never }); console.log("loaded")`,
    )
    expect(stderr).toMatch(deadlock)
    expect([code, stdout]).toEqual([1, ""])
  })

  it("MainGoroutineID: main is goroutine 1", async () => {
    const { code, stdout } = await program(
      `${head} await run(function* () { const child = go(function* () {}); console.log(goroutines()[0].id, goroutines()[0].isMain, child.id); yield* child })`,
    )
    expect([code, stdout]).toEqual([0, "1 true 2\n"])
  })

  it("only goroutine 1 in a fresh dump: Weft starts none of its own", async () => {
    const { code, stdout } = await program(
      `${head} await run(function* () { console.log(JSON.stringify(goroutines().map(({ id, status }) => [id, status]))) })`,
    )
    expect([code, stdout]).toEqual([0, '[[1,"running"]]\n'])
  })

  it("NetpollDeadlock: a server and its client wait for each other's bytes, which is no deadlock", () =>
    run(
      function* () {
        const server = createServer((socket) => socket.pipe(socket))
        yield* Op.fromPromise(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)))
        const { port } = server.address() as AddressInfo
        const client: Socket = connect(port, "127.0.0.1")
        try {
          const reader = go(Op.fromPromise(() => firstBytes(client)))
          yield* Op.fromPromise(() => new Promise<void>((resolve) => client.once("connect", resolve)))
          client.write("hello")
          expect(yield* reader).toBe("hello")
        } finally {
          client.destroy()
          server.close()
        }
      },
      { deadlock: "fail" },
    ))
})

describe("fixedbugs", () => {
  it("issue21576: signal handlers are nothing that could wake the program", async () => {
    const { code, stderr } = await program(
      `${head} for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {}); void run(function* main() { yield* never })`,
    )
    expect(stderr).toMatch(deadlock)
    expect(code).toBe(1)
  })
})

const firstBytes = (socket: Socket): Promise<string> =>
  new Promise((resolve) => socket.once("data", (bytes: Buffer) => resolve(bytes.toString())))
