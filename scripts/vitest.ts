/** One run of vitest, as `npm test` and its like start it. CI has each of them leave a report in `$WEFT_REPORTS`, and adds them up. */
import { spawnSync } from "node:child_process"
import { existsSync, writeFileSync } from "node:fs"
import { join } from "node:path"

const root = join(import.meta.dirname, "..")
const vitest = join(root, "node_modules/vitest/vitest.mjs")

/** What CI reads of vitest's own report. */
export interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly success: boolean
}

/** Runs the tests and says what becomes of the exit code. `name` is the report's. */
export function runTests(name: string, options: ReadonlyArray<string>, node = process.execPath): void {
  const folder = process.env.WEFT_REPORTS
  const report = folder === undefined ? undefined : join(folder, `${name}.json`)
  const reporters = report === undefined ? [] : ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`]
  const { status } = spawnSync(node, [vitest, "run", ...reporters, ...options], { cwd: root, stdio: "inherit" })
  if (status === 0) return
  process.exitCode = 1
  // A run that broke before it could count has failed once.
  const broken: Report = { numPassedTests: 0, numFailedTests: 1, success: false }
  if (report !== undefined && !existsSync(report)) writeFileSync(report, JSON.stringify(broken))
}
