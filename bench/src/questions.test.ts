import { readFile } from "node:fs/promises"
import { afterAll, describe, expect, it } from "vitest"
import { endPools } from "./pools/started.ts"
import { isOnThreads, type Program, type Rival, specialists } from "./question.ts"
import { questions } from "./questions.ts"

const rivals: ReadonlyArray<Rival> = ["promises", "effect", "thi.ng", "js-csp", ...specialists]

afterAll(endPools)

describe.each(questions.map((question) => [question.name, question] as const))("%s", (name, question) => {
  it("has a program of every rival, or the reason why not", () => {
    for (const rival of rivals) {
      if (specialists.includes(rival)) continue
      expect(rival in question.missing, rival).toBe(question.rivals[rival] === undefined)
    }
  })

  it.skipIf(question.notInGo !== undefined)("is a subcommand of the Go programs", async () => {
    const source = await readFile(new URL("../go/main.go", import.meta.url), "utf8")
    expect(source).toContain(`"${name}"`)
  })

  if (question.measures === "memory") return
  if (question.operations >= 1_000_000) return
  const isFlood = isOnThreads(question) && (question.operations >= 100_000 || question.reading !== undefined)
  const own: ReadonlyArray<readonly [string, Program | undefined]> = [
    ["weft", question.weft],
    ["weft-reused", question.weftReused],
    ["weft-closure", question.weftClosure],
  ]
  // Others take long for a flood of tasks; each run of the benchmarks checks what they answer.
  const others = isFlood ? [] : rivals.map((rival) => [rival, question.rivals[rival]] as const)
  const counts = question.operations > (isOnThreads(question) ? 1 : 10_000) ? [1] : [1, 2]
  const works = async (_: string, program: Program | undefined) => {
    for (const batches of counts) expect(await program?.(batches)).toBe(question.checksum(batches))
  }
  const isThere = ([, program]: readonly [string, Program | undefined]) => program !== undefined
  const timeout = 30_000

  it.each(own.filter(isThere))(
    "%s does all the work",
    isOnThreads(question) ? { timeout, tags: "long" } : { timeout },
    works,
  )

  it.each(others.filter(isThere))("%s does all the work", { timeout, tags: "long" }, works)
})
