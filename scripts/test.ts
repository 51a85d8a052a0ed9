/**
 * `npm test [-- files and options of vitest]`: the tests of each day, in Node and in Chromium. `npm run test:long`: all the others.
 *
 * A test is long if it is tagged so, or its file is (`@module-tag long`): searches by chance through thousands of schedules, exhaustive ones
 * that take seconds, programs run one by one as processes, bundlers. Long is also what Chromium repeats of Node's tests without a host of its
 * own having much part in it: the project `browser-more`. Nothing is in both, so the two together are all tests, each once.
 *
 * An option's value is given after `=`.
 */
import { ensureChromium } from "./chromium.ts"
import { tagged, testFiles } from "./test-files.ts"
import { runTests } from "./vitest.ts"

const [, , ...given] = process.argv
const isLong = given[0] === "--long"
const args = isLong ? given.slice(1) : given
const options = args.filter((arg) => arg.startsWith("-"))
const filters = args.filter((arg) => !arg.startsWith("-"))
const isWanted = (file: string): boolean => filters.length === 0 || filters.some((filter) => file.includes(filter))

const projects = ["--project=node", "--project=node-alone", "--project=browser"]
const hasChromium = ensureChromium() !== undefined
const files = testFiles().filter(isWanted)

if (isLong) {
  // Vitest looks for tags when it has loaded a file: others need not be.
  run("long", [...projects, "--tagsFilter=long"], (file) => tagged(file, "long") !== undefined)
  const isOfBrowsers = (file: string): boolean => file.startsWith("packages/") && !file.endsWith(".node.test.ts")
  if (hasChromium) run("browser-more", ["--project=browser-more", "--passWithNoTests"], isOfBrowsers)
} else run("test", [...projects, "--tagsFilter=!long"], (file) => tagged(file, "long") !== "file")

function run(name: string, how: ReadonlyArray<string>, isOfIt: (file: string) => boolean): void {
  const chosen = files.filter(isOfIt)
  if (chosen.length > 0) runTests(name, [...how, ...options, ...chosen])
  else console.log(`${name}: no test has such a name.`)
}
