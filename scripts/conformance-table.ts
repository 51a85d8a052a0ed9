/**
 * `npm run conformance`: runs the tests that carry over Go's and writes docs/go-conformance.md, a table of all of Go's with what
 * became of each.
 *
 * A test belongs to a row of docs/conformance-rows.json by its names: `describe("<source>")` around it, at any depth, and
 * `it("<name>[, <name>]: what it asserts")`. What runs on threads of the host is in a `describe("on threads")` as well. Without such a
 * test a row is pending, unless it says why it can't be expressed, or what there is instead.
 */
import { spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { format, resolveConfig } from "prettier"
import { isNamed, isOf, isOnThreads, type Named } from "./conformance-names.ts"

const root = join(import.meta.dirname, "..")
const rowsFile = join(root, "docs", "conformance-rows.json")
const tableFile = join(root, "docs", "go-conformance.md")

interface Row {
  /** Go's file; several are separated by commas. For a program the title of its `describe`. */
  readonly source: string
  /** Without "Test"; "*" is all of the source. */
  readonly tests: ReadonlyArray<string>
  readonly asserts: string
  /** Why it can't be expressed. */
  readonly cannot?: string
  /** It is not carried over: why, and which tests of ours assert the like. */
  readonly instead?: string
  /** Also to be shown over shared memory. */
  readonly threads?: true
  /** Asserts what Go asserts by other means. */
  readonly adapted?: true
}

interface Group {
  readonly group: string
  readonly rows: ReadonlyArray<Row>
}

/** One test of ours, from vitest's report. */
interface Assertion extends Named {
  readonly status: string
}

function runTests(): Array<Assertion> {
  const folder = mkdtempSync(join(tmpdir(), "weft-conformance-"))
  const report = join(folder, "report.json")
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs")
  const where = ["test/go", "test/programs", "test/memory"]
  spawnSync(
    process.execPath,
    [vitest, "run", ...where, "--project", "node*", "--reporter=json", "--outputFile", report],
    { cwd: root, stdio: ["ignore", "ignore", "inherit"] },
  )
  const { testResults } = JSON.parse(readFileSync(report, "utf8")) as {
    testResults: ReadonlyArray<{ readonly assertionResults: ReadonlyArray<Assertion> }>
  }
  rmSync(folder, { recursive: true })
  return testResults.flatMap(({ assertionResults }) => assertionResults)
}

type Status = "passes" | "FAILS" | "pending" | "instead" | "impossible"

function statusOf(
  row: Row,
  test: string,
  all: ReadonlyArray<Assertion>,
): { readonly status: Status; readonly text: string } {
  if (row.cannot !== undefined) return { status: "impossible", text: `cannot be expressed: ${row.cannot}` }
  const own = all.filter((assertion) => isOf(row.source, assertion) && isNamed(test, assertion))
  if (own.length === 0)
    return row.instead === undefined
      ? { status: "pending", text: "not yet" }
      : { status: "instead", text: `not carried over: ${row.instead}` }
  if (own.some(({ status }) => status !== "passed")) return { status: "FAILS", text: "**fails**" }
  const notes = [...(row.adapted === true ? ["by other means"] : []), ...(row.threads === true ? [threadsOf(own)] : [])]
  return { status: "passes", text: ["passes", ...notes].join(", ") }
}

function threadsOf(own: ReadonlyArray<Assertion>): string {
  const onThreads = own.filter(isOnThreads)
  if (onThreads.length === 0) return "on one thread only"
  return onThreads.length < own.length ? "on one thread and on several" : "on several threads"
}

function table(groups: ReadonlyArray<Group>, all: ReadonlyArray<Assertion>) {
  const counts: Record<Status, number> = { passes: 0, FAILS: 0, pending: 0, instead: 0, impossible: 0 }
  const sections = groups.map(({ group, rows }) => {
    const lines = rows.flatMap((row) =>
      // What can't be expressed needs no line of its own for each.
      (row.cannot === undefined ? row.tests : [row.tests.join(", ")]).map((test) => {
        const { status, text } = statusOf(row, test, all)
        counts[status]++
        return `| ${row.source} | ${test === "*" ? "all of it" : test} | ${row.asserts} | ${text} |`
      }),
    )
    return [`## ${group}`, "", "| source | test | asserts | status |", "| - | - | - | - |", ...lines].join("\n")
  })
  const summary = `${counts.passes} pass, ${counts.FAILS} fail, ${counts.pending} are pending, ${counts.instead} are not carried over, ${counts.impossible} rows cannot be expressed.`
  return { text: [head, summary, ...sections].join("\n\n"), counts, summary }
}

const head = `# Go's tests

Written by \`npm run conformance\`; not to be edited. The rows are in \`docs/conformance-rows.json\`.

Go's own tests of channels, select, timers, contexts and the rest, written anew against Weft under their Go names
("Test" left off). A test of one thread runs on the real scheduler and, in virtual time, under 50 seeds
and in 50 explored schedules, unless it is about
the host's clock or memory; "on several threads" are threads of the host. "Asserts" says what Go's test asserts.`

const groups = JSON.parse(readFileSync(rowsFile, "utf8")) as ReadonlyArray<Group>
const { counts, summary, text } = table(groups, runTests())
writeFileSync(tableFile, await format(text, { ...(await resolveConfig(tableFile)), parser: "markdown" }))
console.log(summary)
if (counts.FAILS > 0) process.exitCode = 1
