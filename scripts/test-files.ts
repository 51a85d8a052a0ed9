/** The test files of the repository, and which of them are tagged. Vitest leaves no file out for `--exclude` if its project excludes others. */
import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"

const root = join(import.meta.dirname, "..")

/** Paths from the root, in order. `exclude` are globs. */
export function testFiles(
  pattern = "{packages,apps,bench,scripts}/**/*.test.ts",
  exclude: ReadonlyArray<string> = [],
): ReadonlyArray<string> {
  const left = ["**/node_modules/**", "**/dist/**", ...exclude]
  return globSync(pattern, { cwd: root, exclude: left })
    .map((file) => file.replaceAll("\\", "/"))
    .toSorted()
}

/** "file": as a whole, in its head. "tests": some of its tests are. */
export function tagged(file: string, tag: string): "file" | "tests" | undefined {
  const text = readFileSync(join(root, file), "utf8")
  if (new RegExp(`@module-tag ${tag}\\b`).test(text)) return "file"
  return new RegExp(`\\btags: (\\[[^\\]]*)?"${tag}"`).test(text) ? "tests" : undefined
}
