/**
 * One contestant's turn at one question, in a process of its own, so that nobody's JIT profile or heap is another's.
 *
 * Arguments: contestant, question, milliseconds (or the count, for memory), samples. Prints one line of JSON.
 */
import type { ContestantName } from "./contestants.ts"
import { measure } from "./measure.ts"
import type { MemoryQuestion, Program, Question, TimeQuestion } from "./question.ts"

export interface MemoryAnswer {
  readonly count: number
  /** Bytes of live heap per goroutine. */
  readonly heap: number
  /** The most memory that the process ever used, in bytes. */
  readonly peak: number
}

const [contestant, name, amount, samples] = process.argv.slice(2) as [ContestantName, string, string, string]
const question = await load(name)
if (question.measures === "memory") {
  await park(question, Number(amount))
} else {
  if (contestant === "weft-busy") await makeBusy()
  print(await measure(timed(question), question, Number(amount), Number(samples)))
}

async function load(name: string): Promise<Question> {
  return ((await import(`./questions/${name}.ts`)) as { question: Question }).question
}

function timed(question: TimeQuestion): Program {
  const program =
    contestant === "weft-reused"
      ? question.weftReused
      : contestant === "weft" || contestant === "weft-busy"
        ? question.weft
        : question.rivals[contestant as keyof TimeQuestion["rivals"]]
  if (program === undefined) throw new Error(`bench: ${contestant} has no program for ${question.name}`)
  return program
}

/** Runs every other question first, so that the call sites of the runtime have seen all kinds of ops, as in a real program. */
async function makeBusy(): Promise<void> {
  const { questions } = await import("./questions.ts")
  for (const other of questions) {
    if (other.measures === "memory" || other.name === name) continue
    await measure(other.weft, other, 20, 1)
    if (other.weftReused !== undefined) await measure(other.weftReused, other, 20, 1)
  }
}

async function park(question: MemoryQuestion, count: number): Promise<void> {
  const program = contestant === "weft" ? question.weft : question.rivals[contestant as keyof MemoryQuestion["rivals"]]
  if (program === undefined) throw new Error(`bench: ${contestant} has no program for ${question.name}`)
  const before = liveHeap()
  await program(count, () => {
    const { maxRSS } = process.resourceUsage()
    print({ count, heap: (liveHeap() - before) / count, peak: maxRSS * 1024 })
    process.exit(0) // waking a million goroutines is not part of the question
  })
}

function liveHeap(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

function print(answer: object): void {
  process.stdout.write(JSON.stringify(answer) + "\n")
}
