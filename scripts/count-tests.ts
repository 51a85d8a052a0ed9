/** The last line of CI: how many tests have passed and failed, in all runs of vitest that left a report in `$WEFT_REPORTS`. */
import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import type { Report } from "./vitest.ts"

const folder = process.env.WEFT_REPORTS
if (folder === undefined) throw new Error("count-tests: WEFT_REPORTS names no folder; run it as .ci/run does")

let [passed, failed] = [0, 0]
for (const file of globSync("*.json", { cwd: folder })) {
  const report = JSON.parse(readFileSync(join(folder, file), "utf8")) as Report
  passed += report.numPassedTests
  // An error outside any test has failed once.
  failed += report.success ? report.numFailedTests : Math.max(1, report.numFailedTests)
}
// Nothing has run.
if (passed + failed === 0) failed = 1
console.log(`${passed} passed, ${failed} failed`)
