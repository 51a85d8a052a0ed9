import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { expect, it } from "vitest"

const program = `
  import { chan } from "@weft/channels"
  import { go, run, sleep } from "@weft/core"
  import { Pool, task } from "@weft/workers"

  const leave = task(import.meta.url, "leave", function* (words, millis) {
    go(function* () {
      yield* sleep(millis)
      yield* words.send("said by who was left")
    })
  })
  const rest = task(import.meta.url, "rest", function* () {})
  const listen = task(import.meta.url, "listen", function* (words) {
    return yield* words.receive()
  })

  const pool = new Pool({ threads: 2 })
  await run(function* () {
    const words = chan()
    yield* pool.spawnWith({ on: 2 }, rest)
    yield* pool.spawnWith({ on: 1 }, leave, words, 500)
    yield* pool.spawnWith({ on: 1 }, leave, words, 60_000)
    console.log(yield* pool.spawnWith({ on: 2 }, listen, words))
  }, { deadlock: "fail" })
`

it("a goroutine that a task has left keeps the process up while somebody waits for it, and no longer", async () => {
  const folder = await mkdtemp(fileURLToPath(new URL("keeps-up-", import.meta.url))) // inside the package, to find @weft
  try {
    await writeFile(`${folder}/program.mjs`, program)
    const child = spawn(process.execPath, ["--conditions=@weft/source", `${folder}/program.mjs`])
    let output = ""
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (output += text))
    const [code] = (await once(child, "close")) as [number | null]
    expect(output).toBe("said by who was left\n")
    expect(code).toBe(0)
  } finally {
    await rm(folder, { recursive: true })
  }
})
