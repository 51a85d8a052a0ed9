/** What one would want to be told first. */
import type { ComponentChildren } from "preact"
import { duration, plural } from "../model/figures.ts"
import { GoroutineLink, GoroutineList } from "../parts/goroutine-link.tsx"
import { useCell } from "../state/cell.ts"
import { dump, leaks } from "../state/observed.ts"
import { format } from "../state/route.ts"

/** A runnable goroutine that is not run for so long is starved. */
const STARVED_MILLIS = 1_000
const CROWD = 10

export function Attention() {
  const model = useCell(dump).value
  const report = useCell(leaks).value
  if (model === undefined) return null
  const found: Array<{ readonly tone: "bad" | "warn"; readonly text: ComponentChildren }> = []
  for (const knot of model.graph.knots) {
    if (knot.kind !== "deadlock") continue
    found.push({
      tone: "bad",
      text: (
        <>
          <a href={format({ page: "waits", params: {} })}>Deadlock</a> of {plural(knot.members.length, "goroutine")}:{" "}
          <GoroutineList rows={knot.members.map((node) => model.rowOfNode(node))} max={4} />
          {knot.behind.length > 0 ? `${knot.behind.length} more wait behind it` : ""}
        </>
      ),
    })
  }
  const leaked = report?.threads.reduce((sum, thread) => sum + thread.leaked.length, 0) ?? 0
  if (leaked > 0) {
    found.push({
      tone: "bad",
      text: <a href={format({ page: "leaks", params: {} })}>{plural(leaked, "goroutine")} leaked</a>,
    })
  }
  const starved = model.rows.filter(({ status, waitMillis }) => status === "runnable" && waitMillis > STARVED_MILLIS)
  if (starved.length > 0) {
    found.push({
      tone: "warn",
      text: (
        <>
          {plural(starved.length, "goroutine")} could run and {starved.length === 1 ? "is" : "are"} not: a thread is
          kept busy by one that does not yield
        </>
      ),
    })
  }
  for (const { object, owner, thread, waiting } of model.contended.slice(0, 2)) {
    if (owner === undefined || waiting.length < CROWD) continue
    found.push({
      tone: "warn",
      text: (
        <>
          {waiting.length} wait for{" "}
          <a href={format({ page: "locks", params: { of: "now", o: `${thread}:${object.id}` } })}>
            {object.kind} #{object.id}
          </a>
          , held by <GoroutineLink row={model.rowOfNode(owner)} />, the longest for{" "}
          {duration(waiting[0]!.goroutine.waitMillis)}
        </>
      ),
    })
  }
  return (
    <section class="attention" aria-label="What needs attention">
      {found.length === 0 ? (
        <p class="good">Nothing stands out: no deadlock, nobody starved, no lock with a crowd before it.</p>
      ) : (
        <ul>
          {found.map(({ text, tone }, i) => (
            <li key={i} class={tone}>
              {text}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
