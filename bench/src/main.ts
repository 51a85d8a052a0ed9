/** `npm run bench`: asks every question of every contestant, prints the tables, and keeps the figures. */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { buildPackages } from "./build-packages.ts"
import { buildGo } from "./go.ts"
import { describeMachine } from "./machine.ts"
import { BadOption, help, type Options, parseOptions } from "./options.ts"
import { profile } from "./profile.ts"
import { progress } from "./progress.ts"
import { isOnThreads, type Question } from "./question.ts"
import { questions } from "./questions.ts"
import { writeReport } from "./report.ts"
import { loadLatest, type Results, type Row, save } from "./results.ts"
import { ask } from "./rounds.ts"
import { besideGo, besideRivals, disturbance, forTerminal, notes, onThreads } from "./table.ts"

try {
  await main(parseOptions(process.argv.slice(2)))
} catch (error) {
  if (!(error instanceof BadOption)) throw error
  console.error(`bench: ${error.message}\n\n${help}`)
  process.exitCode = 2
}

async function main(options: Options): Promise<void> {
  switch (options.command) {
    case "help":
      console.log(help)
      return
    case "report":
      await writeReport(await loadLatest())
      return
    case "profile":
      await profile(options.question)
      return
    case "run":
      await measureAll(options)
  }
}

async function measureAll(options: Options & { command: "run" }): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "weft-bench-"))
  try {
    const go = await buildGo(directory)
    if ("reason" in go) console.log(go.reason)
    const asked = questions.filter(
      (question) => options.only?.includes(question.name) ?? !(options.quick && takesLong(question)),
    )
    if (asked.some(({ asPublished }) => asPublished)) await buildPackages()
    const rows: Array<Row> = []
    for (const question of asked) {
      // Those on threads have a line for each of many, so they get three rounds for five.
      const rounds = isOnThreads(question) ? Math.ceil(options.rounds * 0.6) : options.rounds
      rows.push(await ask(question, rounds, options, "reason" in go ? undefined : go, progress))
    }
    progress.clear()
    const results: Results = {
      date: new Date().toISOString().slice(0, 10),
      rounds: options.rounds,
      quick: options.quick,
      machine: describeMachine("reason" in go ? undefined : go.version),
      rows,
    }
    print(results)
    // A short or partial run is for whoever watches it; what is kept and published is whole.
    if (options.only === undefined && !options.quick) {
      await save(results)
      // As `--report` will: from the digits that are kept.
      await writeReport(await loadLatest())
      console.log(`\nWritten: bench/results/${results.date}.json, docs/benchmarks.md and its charts`)
    }
  } finally {
    await rm(directory, { recursive: true })
  }
}

function takesLong(question: Question): boolean {
  return (question.measures === "time" ? question.operations : question.count) >= 1_000_000 && isOnThreads(question)
}

function print(results: Results): void {
  const { machine } = results
  console.log(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, ${machine.go ?? "no Go"}; medians\n`)
  const tables = [
    ["", besideGo(results)],
    ["Other libraries, and how many times what Weft needs they need", besideRivals(results)],
    ["Tasks on threads, and how many times what Weft needs the others need", onThreads(results)],
  ] as const
  for (const [title, table] of tables) {
    if (table.rows.length === 0) continue
    if (title !== "") console.log(`\n${title}\n`)
    console.log(forTerminal(table))
  }
  console.log(`\n${notes(results).join("\n")}`)
  const warning = disturbance(results)
  if (warning !== undefined) console.log(`\n${warning}`)
}
