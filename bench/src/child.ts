/**
 * One contestant's turn at one question, in a process of its own, so that nobody's JIT profile or heap is another's.
 *
 * Arguments: contestant, question, milliseconds (or the count, for memory), samples. Prints one line of JSON.
 */
import type { ContestantName } from "./contestants.ts"
import { measure } from "./measure.ts"
import {
  isOnThreads,
  type MemoryQuestion,
  type ParkingProgram,
  type Program,
  type Question,
  type Rival,
  type TimeQuestion,
} from "./question.ts"

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
  await question.prepare?.()
  print(await measure(timed(question), question, Number(amount), Number(samples)))
  process.exit(0) // threads that wait for more would keep it up
}

async function load(name: string): Promise<Question> {
  return ((await import(`./questions/${name}.ts`)) as { question: Question }).question
}

function timed(question: TimeQuestion): Program {
  switch (contestant) {
    case "weft":
    case "weft-busy":
      return question.weft
    case "weft-reused":
      return question.weftReused ?? missing()
    case "weft-closure":
      return question.weftClosure ?? missing()
    default:
      return question.rivals[contestant as Rival] ?? missing()
  }
}

function parking(question: MemoryQuestion): ParkingProgram {
  switch (contestant) {
    case "weft":
      return question.weft
    case "weft-closure":
      return question.weftClosure ?? missing()
    default:
      return question.rivals[contestant as Rival] ?? missing()
  }
}

function missing(): never {
  throw new Error(`bench: ${contestant} has no program for ${name}`)
}

/** Runs every other question first, so that the call sites of the runtime have seen all kinds of ops, as in a real program. */
async function makeBusy(): Promise<void> {
  const { questions } = await import("./questions.ts")
  for (const other of questions) {
    if (other.measures === "memory" || other.name === name || isOnThreads(other)) continue
    await other.prepare?.()
    await measure(other.weft, other, 20, 1)
    if (other.weftReused !== undefined) await measure(other.weftReused, other, 20, 1)
    if (other.weftClosure !== undefined) await measure(other.weftClosure, other, 20, 1)
  }
}

async function park(question: MemoryQuestion, count: number): Promise<void> {
  const held = question.inProcess === true ? resident : liveHeap
  const before = held()
  await parking(question)(count, () => {
    const { maxRSS } = process.resourceUsage()
    print({ count, heap: (held() - before) / count, peak: maxRSS * 1024 })
    process.exit(0) // waking a million goroutines is not part of the question
  })
}

function liveHeap(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

/** What the process has of the machine's memory. */
function resident(): number {
  globalThis.gc?.()
  return process.memoryUsage.rss()
}

function print(answer: object): void {
  process.stdout.write(JSON.stringify(answer) + "\n")
}
