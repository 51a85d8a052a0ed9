/**
 * The picture as a page: the window, and below it the history around it.
 *
 * One file that needs nothing else and runs nothing: no script, no font, no address; what comes from the user is escaped. A column of the
 * layout is one `ch` of a font in which all characters are as wide.
 */
import type { Labels } from "./labels.ts"
import { type Bar, layoutOf } from "./layout.ts"
import type { Operation } from "./operation.ts"
import { style } from "./page-style.ts"
import { startsOf } from "./report.ts"
import type { Window } from "./window.ts"

/** `operations`: the whole history, or the part of it that the window is from, in order of the calls. */
export function page<State, Call, Result>(
  window: Window<State, Call, Result>,
  reason: string,
  operations: ReadonlyArray<Operation<Call, Result>>,
  labels: Labels<Call, Result>,
): string {
  const { cause, culprit, starts } = window
  const roleOf = (operation: Operation<Call, Result>): string => {
    if (isSame(operation, culprit)) return "culprit"
    if (cause !== undefined && isSame(operation, cause)) return "cause"
    return window.operations.some((inside) => isSame(operation, inside)) ? "inside" : "outside"
  }
  const rest = operations.length - window.operations.length
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Not linearizable: ${escape(labels.named(culprit))}</title>
<style>${style}</style>
</head>
<body>
<header>
<p class="kind">Not linearizable</p>
<h1>No order explains <code>${escape(labels.named(culprit))}</code></h1>
<p class="reason">${escape(capitalized(reason))}.</p>
</header>
<main>
<section>
<h2>The smallest part that can’t be explained</h2>
<p>Before it the object is in the state <code>${escape(startsOf(starts, labels))}</code>.</p>
${timeline(window.operations, labels, roleOf, "window")}
<ul class="legend">
<li class="culprit">can’t be explained</li>
${cause === undefined ? "" : `<li class="cause">without it there would be an order</li>\n`}<li class="inside">needed to see why</li>
<li class="open inside">goes on after the picture</li>
</ul>
</section>
<section>
<h2>The history around it</h2>
<p>${operations.length} operations, ${rest} of them not needed. <a href="#culprit">Go to the one that can’t be explained</a>.</p>
${timeline(operations, labels, roleOf, "history")}
</section>
</main>
</body>
</html>
`
}

/** Not by identity: what returns after the culprit is pending in the window. */
function isSame<Call, Result>(one: Operation<Call, Result>, other: Operation<Call, Result>): boolean {
  return one.called === other.called && one.client === other.client && one.call === other.call
}

type RoleOf<Call, Result> = (operation: Operation<Call, Result>) => string

function timeline<Call, Result>(
  operations: ReadonlyArray<Operation<Call, Result>>,
  labels: Labels<Call, Result>,
  roleOf: RoleOf<Call, Result>,
  name: string,
): string {
  const rows = layoutOf(operations, labels)
  const width = Math.max(...rows.flatMap(({ bars }) => bars.map((bar) => bar.column + bar.width))) + 3
  const drawn = rows.map(
    (row) =>
      `<tr><th scope="row">${escape(row.name)}</th><td style="min-width:${width}ch">${row.bars
        .map((bar) => draw(bar, labels, roleOf(bar.operation), name))
        .join("")}</td></tr>`,
  )
  return `<div class="timeline ${name}"><table><tbody>\n${drawn.join("\n")}\n</tbody></table></div>`
}

function draw<Call, Result>(
  { column, isOpen, operation, text, width }: Bar<Call, Result>,
  labels: Labels<Call, Result>,
  role: string,
  name: string,
): string {
  const id = role === "culprit" && name === "history" ? ` id="culprit"` : ""
  return (
    `<div class="bar ${role}${isOpen ? " open" : ""}"${id} tabindex="0" style="left:${column}ch;width:${width}ch">` +
    `<span class="text">${escape(text)}</span>` +
    `<span class="tip"><b>${escape(labels.named(operation))}</b>${escape(timesOf(operation))}</span></div>`
  )
}

function timesOf({ called, returned }: Operation<unknown, unknown>): string {
  return `called at ${called}, ${returned === undefined ? "not returned by then" : `returned at ${returned}`}`
}

const capitalized = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
}

const escape = (text: string): string => text.replace(/[&<>"']/gu, (character) => entities[character]!)
