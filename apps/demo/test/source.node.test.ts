import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { chapters } from "../src/chapters.ts"
import { type FileServer, serveFiles } from "../src/server/server.ts"
import { readSource } from "../src/source.ts"
import { demo, startFile } from "./demo.ts"

const all = chapters.map(({ name }) => name)
/** Of each part of the demo one. */
const first = ["channels", "deadlock", "select", "mutex", "race", "thread-pool"]

let server: FileServer
let folder: string

beforeAll(async () => {
  server = await serveFiles()
  folder = await mkdtemp(fileURLToPath(new URL("copied-", import.meta.url))) // inside the package, to find @weft
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

describe("--source", () => {
  const copied = async (name: string) => {
    const file = `${folder}/${name}.ts`
    await writeFile(file, (await readSource(name)).replace("http://127.0.0.1:8080", server.site))
    const { code, stderr, stdout } = await startFile(file).ended
    expect(code, stdout + stderr).toBe(0)
    expect(stdout).not.toBe("")
  }

  it.each(first)("of %s is a whole program: copied, it runs", copied)

  it.each(all.filter((name) => !first.includes(name)))(
    "of %s is a whole program: copied, it runs",
    { tags: "long" },
    copied,
  )

  it.each(all)("of %s is short, and shows nothing of the stage", async (name) => {
    const source = await readSource(name)
    expect(source.split("\n").length).toBeLessThan(100)
    expect(source).not.toMatch(
      /\bStage\b|\bprint\(|\breport\(|\bexplain\(|\binterleaving\(|\blive\(|\btable\((?<!console\.table\()|stage\.ts/,
    )
  })

  it("is printed by the program, coloured only if asked", async () => {
    const plain = await demo(["worker-pool", "--source"])
    expect(plain).toEqual({ code: 0, stderr: "", stdout: `${await readSource("worker-pool")}\n` })
    const colored = await demo(["worker-pool", "--source"], { FORCE_COLOR: "1" })
    expect(colored.stdout).toContain("\x1b[35m")
  })
})
