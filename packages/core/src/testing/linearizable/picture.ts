import type { Labels } from "./labels.ts"
import { type Bar, layoutOf } from "./layout.ts"
import type { Operation } from "./operation.ts"

/**
 * The picture in text: a row for each client, time to the right, a bar from each call to its return.
 *
 *   a  |--send(1)-------|         returned
 *   b        |--receive()-->      not by the end of the picture
 *   c        |==receive() = 2==|  the culprit
 */
export function picture<Call, Result>(
  operations: ReadonlyArray<Operation<Call, Result>>,
  culprit: Operation<Call, Result>,
  labels: Labels<Call, Result>,
): string {
  const rows = layoutOf(operations, labels)
  const width = Math.max(...rows.map(({ name }) => name.length))
  return rows
    .map(({ bars, name }) => {
      const start = `  ${name.padEnd(width)}  `
      return bars.reduce((line, bar) => line.padEnd(start.length + bar.column) + draw(bar, culprit), start)
    })
    .join("\n")
}

function draw<Call, Result>(
  { isOpen, operation, text, width }: Bar<Call, Result>,
  culprit: Operation<Call, Result>,
): string {
  const line = operation === culprit ? "=" : "-"
  return `|${line}${line}${text}`.padEnd(width, line) + (isOpen ? ">" : "|")
}
