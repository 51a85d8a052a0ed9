/** What a run leaves behind, as it stands in results/*.json. */
import { mkdir, readFile, writeFile } from "node:fs/promises"
import type { ContestantName } from "./contestants.ts"
import type { Machine } from "./machine.ts"
import type { Spread } from "./statistics.ts"

/** Nanoseconds per operation, or bytes per goroutine, with quartiles. */
export interface Figure extends Spread {
  /** The share of rounds in which no sample had a processor to itself: above 0 the figure is an upper bound. */
  readonly disturbed: number
  /** Times Go with GOMAXPROCS=1, taken round by round. */
  readonly toGo?: Spread
  /** Only for memory: the most bytes that the process ever used. */
  readonly peak?: number
}

export interface Row {
  readonly question: string
  readonly figures: Partial<Record<ContestantName, Figure>>
  readonly failures: Partial<Record<ContestantName, string>>
}

export interface Results {
  readonly date: string
  readonly rounds: number
  readonly quick: boolean
  readonly machine: Machine
  readonly rows: ReadonlyArray<Row>
}

const directory = new URL("../results/", import.meta.url)

/** Writes `<date>.json` and, for whoever wants the newest, `latest.json`. */
export async function save(results: Results): Promise<void> {
  await mkdir(directory, { recursive: true })
  const text =
    JSON.stringify(results, (_, value: unknown) => (typeof value === "number" ? rounded(value) : value), 2) + "\n"
  await writeFile(new URL(`${results.date}.json`, directory), text)
  await writeFile(new URL("latest.json", directory), text)
}

export async function loadLatest(): Promise<Results> {
  return JSON.parse(await readFile(new URL("latest.json", directory), "utf8")) as Results
}

/** Four digits: more would be noise in every diff. */
function rounded(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(4))
}
