/**
 * `npm test [-- files and options of vitest]`: the tests of each day, in Node and in Chromium. `npm run test:long`: all the others.
 *
 * A test is long if it is tagged so, or its file is (`@module-tag long`): searches by chance through thousands of schedules, exhaustive ones
 * that take seconds, programs run one by one as processes, bundlers. Long is also what Chromium repeats of Node's tests without a host of its
 * own having much part in it: the project `browser-more`. Nothing is in both, so the two together are all tests, each once.
 */
import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { ensureChromium } from "./chromium.ts"
import { runTests } from "./vitest.ts"

const root = join(import.meta.dirname, "..")
const each = ["--project", "node", "--project", "node-alone", "--project", "browser"]

const [, , ...given] = process.argv
const isLong = given[0] === "--long"
const args = isLong ? given.slice(1) : given
const hasChromium = ensureChromium() !== undefined

if (isLong) {
  const tagged = filesWith(/@module-tag long\b|\btags: \[?"long"/)
  const filters = args.filter((arg) => !arg.startsWith("-"))
  const options = args.filter((arg) => arg.startsWith("-"))
  const wanted = tagged.filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)))
  if (wanted.length > 0) runTests("long", [...each, "--tagsFilter=long", ...options, ...wanted])
  if (hasChromium) runTests("browser-more", ["--project", "browser-more", "--passWithNoTests", ...args])
} else {
  // Vitest looks for tags when it has loaded a file: some need not be.
  const exclude = filesWith(/@module-tag long\b/).flatMap((file) => ["--exclude", file])
  runTests("test", [...each, "--tagsFilter=!long", ...exclude, ...args])
}

function filesWith(tag: RegExp): ReadonlyArray<string> {
  const files = globSync("{packages,apps,bench,scripts}/**/*.test.ts", {
    cwd: root,
    exclude: (name) => name === "node_modules",
  })
  return files.filter((file) => tag.test(readFileSync(join(root, file), "utf8"))).toSorted()
}
