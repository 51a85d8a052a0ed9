/** The table of Go's tests says of each row that has a test on threads of the host that it has one: it is written by hand of a command, and so may be old. */
import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import ts from "typescript"
import { describe, expect, it } from "vitest"
import { isNamed, isOf, isOnThreads, type Named } from "./conformance-names.ts"

const root = join(import.meta.dirname, "..")
const table = readFileSync(join(root, "docs", "go-conformance.md"), "utf8")
const rows = table
  .split("\n")
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .filter((cells) => cells.length === 6)
  .map(([, source, test, , status]) => ({ source: source!, test: test!, status: status! }))

/** Its tests by their titles, as far as these are written out. */
function testsOf(file: string): Array<Named> {
  const tests: Array<Named> = []
  const visit = (node: ts.Node, ancestorTitles: ReadonlyArray<string>): void => {
    const [what, title] = ts.isCallExpression(node) ? [called(node.expression), node.arguments[0]] : []
    const isTitled = title !== undefined && ts.isStringLiteralLike(title)
    if (what === "it" && isTitled) tests.push({ ancestorTitles, title: title.text })
    const within = what === "describe" && isTitled ? [...ancestorTitles, title.text] : ancestorTitles
    ts.forEachChild(node, (child) => visit(child, within))
  }
  const text = readFileSync(join(root, file), "utf8")
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true), [])
  return tests
}

/** The name that a call begins with: "it" of `it.each(...)(...)`. */
function called(expression: ts.Expression): string | undefined {
  if (ts.isIdentifier(expression)) return expression.text
  if (ts.isPropertyAccessExpression(expression) || ts.isCallExpression(expression)) return called(expression.expression)
  return undefined
}

const onThreads = globSync("packages/*/test/go/*.test.ts", { cwd: root }).flatMap(testsOf).filter(isOnThreads)

describe("the table of Go's tests", () => {
  it("says on several threads where a test of that name runs there", () => {
    const rowsOnThreads = rows.filter(({ source, test }) =>
      onThreads.some((each) => isOf(source, each) && isNamed(test, each)),
    )
    expect(rowsOnThreads.length).toBeGreaterThan(50)
    expect(rowsOnThreads.filter(({ status }) => !status.includes("on several"))).toEqual([])
  })

  it("leaves nothing to what is there by now", () => {
    expect(rows.filter(({ status }) => /comes? with|pending|not yet/.test(status))).toEqual([])
  })
})
