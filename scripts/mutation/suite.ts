/**
 * Runs tests of a copy until the first that fails, in a process group of its own that can be stopped whatever it does.
 */
import { type ChildProcess, spawn } from "node:child_process"
import { existsSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import type { Copy } from "./copy.ts"
import type { Line } from "./reporter.ts"
import type { Stage } from "./tests-for.ts"

export type Outcome = Passed | Failure

export interface Passed {
  readonly kind: "passed"
  /** From the first test to the end: loading, most of it vitest, not counted. */
  readonly millis: number
}

export interface Failure {
  readonly kind: "failed" | "hung"
  readonly file: string
  readonly test: string
  readonly message: string
}

/** What takes longer hangs. */
export interface Limits {
  readonly runMillis: number
  readonly testMillis: number
}

const under = new Set<ChildProcess>()

/** Runs these files, all in one thread, as most of the time is loading; until a limit. */
export async function runTests(copy: Copy, { files, tags }: Stage, limits: Limits): Promise<Outcome> {
  const lines = join(copy.folder, "lines.jsonl")
  rmSync(lines, { force: true })
  const options = [
    "run",
    "--project",
    "node*",
    "--bail",
    "1",
    "--maxWorkers",
    "1",
    "--no-isolate",
    "--testTimeout",
    String(limits.testMillis),
    ...(tags === undefined ? [] : [`--tagsFilter=${tags}`]),
  ]
  const child = spawn(
    process.execPath,
    [
      join(copy.folder, "node_modules/vitest/vitest.mjs"),
      ...options,
      "--reporter",
      join(import.meta.dirname, "reporter.ts"),
      ...files,
    ],
    {
      cwd: copy.folder,
      detached: true,
      stdio: ["ignore", "ignore", "ignore"],
      // A fault that allocates for ever must not take the machine along.
      env: { ...process.env, WEFT_MUTATION_LINES: lines, NODE_OPTIONS: "--max-old-space-size=1024" },
    },
  )
  under.add(child)
  let isHung = false
  const timer = setTimeout(() => {
    isHung = true
    stop(child)
  }, limits.runMillis)
  const status = await new Promise<number | null>((resolve) => child.once("exit", resolve))
  clearTimeout(timer)
  under.delete(child)
  // Whatever a test started and a failure left behind.
  stop(child)
  return outcomeOf(existsSync(lines) ? parse(readFileSync(lines, "utf8")) : [], isHung, status)
}

/** Stops all that is under way. */
export function stopAll(): void {
  for (const child of under) stop(child)
}

function stop(child: ChildProcess): void {
  try {
    process.kill(-child.pid!, "SIGKILL")
  } catch {
    // It has ended, and its group with it.
  }
}

function outcomeOf(lines: ReadonlyArray<Timed>, isHung: boolean, status: number | null): Outcome {
  for (const line of lines) if (line.kind === "failed") return line
  const last = lines.findLast((line) => line.kind !== "end")
  const where = { file: last?.file ?? "", test: last?.test ?? "" }
  if (isHung) return { kind: "hung", ...where, message: "" }
  const end = lines.find((line) => line.kind === "end")
  if (status === 0 && end?.failed === false)
    return { kind: "passed", millis: end.at - (lines.find((line) => line.kind === "test") ?? end).at }
  return { kind: "failed", ...where, message: end?.unhandled ?? `vitest ended with status ${status}` }
}

type Timed = Line & { readonly at: number }

const parse = (text: string): Array<Timed> =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Timed)
