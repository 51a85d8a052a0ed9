/**
 * What became of each fault when it was last seeded: `verdicts.jsonl`, a line a fault, in the order of the list of faults.
 *
 * The score that CONTRIBUTING.md states is counted from it. A verdict tells the next run which test to begin with, and is due again once
 * the file that the fault is in has changed.
 */
import { execFileSync } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { root } from "./copy.ts"
import type { Fault } from "./fault.ts"

export type Fate = "caught" | "hung" | "survived" | "equivalent"

export interface Verdict {
  readonly fault: string
  readonly fate: Fate
  readonly date: string
  readonly commit: string
  /** The test that noticed. */
  readonly file?: string
  readonly test?: string
}

const path = join(import.meta.dirname, "verdicts.jsonl")
const page = join(root, "CONTRIBUTING.md")

export class Verdicts {
  readonly #latest: Map<string, Verdict>
  readonly #faults: ReadonlyArray<Fault>
  readonly #changed = new Map<string, ReadonlySet<string>>()

  constructor(faults: ReadonlyArray<Fault>) {
    this.#faults = faults
    this.#latest = new Map(
      readFileSync(path, "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as Verdict)
        .map((verdict) => [verdict.fault, verdict]),
    )
  }

  /** The test that noticed last time. */
  catcher(fault: Fault): string | undefined {
    return this.#latest.get(fault.name)?.file
  }

  /** Never seeded, or the code around it has changed since, or nobody has noticed it. */
  isDue(fault: Fault): boolean {
    const verdict = this.#latest.get(fault.name)
    if (verdict === undefined || verdict.fate === "survived") return true
    return this.#changedSince(verdict.commit).has(`packages/${fault.file}`)
  }

  /** Written at once: a run that is stopped has not been for nothing. */
  add(verdict: Verdict): void {
    this.#latest.set(verdict.fault, verdict)
    const lines = this.#current.map((verdict) => `${JSON.stringify(verdict)}\n`)
    writeFileSync(path, lines.join(""))
    const text = readFileSync(page, "utf8")
    writeFileSync(
      page,
      text.replace(/(?<=<!-- mutation -->\n)[^]*(?=<!-- \/mutation -->)/, () => this.score()),
    )
  }

  /** The table of CONTRIBUTING.md, and what is open. */
  score(): string {
    const head = [
      "package",
      "faults",
      "noticed",
      "by a hang",
      "can't be noticed",
      "open",
      "not seeded yet",
      "last seeded",
    ]
    const packages = [...new Set(this.#faults.map(packageOf))]
    const rows = packages.map((name) => [name, ...this.#row(this.#faults.filter((fault) => packageOf(fault) === name))])
    const table = [head, ...rows, ["all", ...this.#row(this.#faults)]]
    const widths = head.map((_, column) => Math.max(...table.map((row) => row[column]!.length)))
    table.splice(
      1,
      0,
      widths.map((width) => "-".repeat(width)),
    )
    const lines = table.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(" | ")} |`)
    const open = this.#current.filter(({ fate }) => fate === "survived")
    for (const { fault } of open) lines.push("", `Open: "${fault}".`)
    return `\n${lines.join("\n")}\n\n`
  }

  #row(faults: ReadonlyArray<Fault>): ReadonlyArray<string> {
    const verdicts = faults.flatMap(({ name }) => this.#latest.get(name) ?? [])
    const count = (...fates: ReadonlyArray<Fate>) => String(verdicts.filter(({ fate }) => fates.includes(fate)).length)
    const dates = verdicts.map(({ date }) => date).sort()
    const [first, last] = [dates[0] ?? "never", dates.at(-1) ?? "never"]
    return [
      String(faults.length),
      count("caught", "hung"),
      count("hung"),
      count("equivalent"),
      count("survived"),
      String(faults.length - verdicts.length),
      first === last ? first : `${first} to ${last}`,
    ]
  }

  /** Without those of faults that the list has no more. */
  get #current(): ReadonlyArray<Verdict> {
    return this.#faults.flatMap(({ name }) => this.#latest.get(name) ?? [])
  }

  #changedSince(commit: string): ReadonlySet<string> {
    let changed = this.#changed.get(commit)
    if (changed === undefined) {
      const names = execFileSync("git", ["diff", "--name-only", "-z", commit, "--", "packages"], { cwd: root })
      this.#changed.set(commit, (changed = new Set(names.toString().split("\0"))))
    }
    return changed
  }
}

function packageOf({ file }: Fault): string {
  return file.split("/", 1)[0]!
}
