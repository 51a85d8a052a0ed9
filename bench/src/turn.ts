/** One contestant's turn: starts its process, reads its answer, checks that it did the work. */
import { execFile } from "node:child_process"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import type { MemoryAnswer } from "./child.ts"
import type { Contestant } from "./contestants.ts"
import type { GoBinary } from "./go.ts"
import type { TimeAnswer } from "./measure.ts"
import type { Question } from "./question.ts"

const child = fileURLToPath(new URL("./child.ts", import.meta.url))
const patienceMillis = 300_000

export interface Pace {
  readonly millis: number
  readonly samples: number
  readonly quick: boolean
}

// A child starts in half the time when the compiled text of its modules is kept.
const environment: NodeJS.ProcessEnv = {
  ...process.env,
  NODE_COMPILE_CACHE: join(tmpdir(), "weft-bench-compile-cache"),
}
delete environment["GOMAXPROCS"] // a figure for "all cores" must mean it

export type Answer = TimeAnswer | MemoryAnswer

/** A turn that brought no answer, in a few words. */
export class TurnFailed extends Error {}

export async function takeTurn(
  contestant: Contestant,
  question: Question,
  pace: Pace,
  go: GoBinary | undefined,
): Promise<Answer> {
  const text = await start(contestant, question, pace, go)
  const answer = JSON.parse(text.trim().split("\n").at(-1) ?? "") as Answer
  if (question.measures === "time" && "checksum" in answer) {
    const expected = question.checksum(answer.batches)
    if (answer.checksum !== expected) {
      throw new TurnFailed(`answered ${String(answer.checksum)} instead of ${String(expected)}: work was lost`)
    }
  }
  return answer
}

async function start(
  contestant: Contestant,
  question: Question,
  pace: Pace,
  go: GoBinary | undefined,
): Promise<string> {
  const amount =
    question.measures === "time"
      ? [String(pace.millis), String(pace.samples)]
      : [String(pace.quick ? question.quickCount : question.count)]
  const command =
    contestant.runsIn === "go" && go !== undefined
      ? [go.path, question.name, ...amount]
      : [process.execPath, ...flagsFor(question), child, contestant.name, question.name, ...amount]
  const [file = "", ...args] = command
  try {
    const { stdout } = await run(file, args, {
      env: environmentOf(contestant, question),
      timeout: patienceMillis,
      killSignal: "SIGKILL",
    })
    return stdout
  } catch (error) {
    throw new TurnFailed(reason(error))
  }
}

/** A question on two threads asks Go for two processors, however many there are. */
function environmentOf(contestant: Contestant, question: Question): NodeJS.ProcessEnv {
  if (contestant.name === "go-1") return { ...environment, GOMAXPROCS: "1" }
  const threads = question.measures === "time" ? question.threads : undefined
  return contestant.name === "go-all" && threads !== undefined
    ? { ...environment, GOMAXPROCS: String(threads) }
    : environment
}

const plainFlags = ["--expose-gc", "--disable-warning=ExperimentalWarning"]
export const nodeFlags: ReadonlyArray<string> = ["--conditions=@weft/source", ...plainFlags]

const flagsFor = ({ asPublished }: Question): ReadonlyArray<string> => (asPublished === true ? plainFlags : nodeFlags)

function reason(error: unknown): string {
  if (error instanceof Error && "killed" in error && error.killed === true)
    return `took over ${String(patienceMillis / 1000)} s`
  const stderr = error instanceof Error && "stderr" in error ? String(error.stderr) : ""
  if (stderr.includes("heap out of memory")) return "out of memory"
  const line = stderr.split("\n").find((text) => /Error|panic|Cannot find/.test(text))
  return (line ?? String(error).split("\n")[0] ?? "failed").trim()
}

const run = promisify(execFile)
