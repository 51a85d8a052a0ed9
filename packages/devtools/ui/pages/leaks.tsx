import type { GoroutineDump } from "../../src/format/dump.ts"
import type { ProcessLeaks, ThreadLeaks } from "../../src/format/leaks.ts"
import { count, duration, plural } from "../model/figures.ts"
import { rowOf } from "../model/goroutine-row.ts"
import { Empty } from "../parts/empty.tsx"
import { GoroutineLink } from "../parts/goroutine-link.tsx"
import { PageHead } from "../parts/page-head.tsx"
import { Site } from "../parts/stack.tsx"
import { StateBadge } from "../parts/state-badge.tsx"
import { useCell } from "../state/cell.ts"
import { checkLeaks, leaks, meta } from "../state/observed.ts"
import { format } from "../state/route.ts"

export function Leaks() {
  const { error, isPending, value } = useCell(leaks)
  const about = useCell(meta)
  if (about?.source === "file") {
    return (
      <Empty title="Leaks need a running process">
        A trace can't tell who will never be woken; <code>weft leaks &lt;pid&gt;</code> can.
      </Empty>
    )
  }
  if (about?.pageUrl !== undefined) {
    return (
      <Empty title="In a page leaks can't be proven">
        The proof needs a full garbage collection, and browsers give pages no way to ask for one. Suspects are{" "}
        <a href={format({ page: "goroutines", params: { sort: "-wait" } })}>those that wait longest</a>; code that runs
        in Node too can be checked there, by <code>weft leaks</code>.
      </Empty>
    )
  }
  return (
    <section class="page">
      <PageHead title="Leaks">
        <button class="primary" onClick={checkLeaks} disabled={isPending}>
          {isPending ? "Collecting garbage …" : value === undefined ? "Check for leaks" : "Check again"}
        </button>
      </PageHead>
      <p class="lead">
        A goroutine has leaked when nothing that is reachable can reach what it waits for. The garbage collector proves
        it: each thread stands still for one full collection.
      </p>
      {error === undefined ? null : (
        <p class="notice bad" role="alert">
          <strong>The check failed.</strong> {error}
        </p>
      )}
      {value === undefined ? null : <Report report={value} />}
    </section>
  )
}

function Report({ report }: { readonly report: ProcessLeaks }) {
  const leaked = report.threads.flatMap((thread) => thread.leaked.map((goroutine) => ({ thread, goroutine })))
  const suspects = report.threads.flatMap((thread) => thread.suspects.map((goroutine) => ({ thread, goroutine })))
  const checked = report.threads.reduce((sum, thread) => sum + thread.checked, 0)
  const seconds = report.threads[0]?.suspectSeconds ?? 0
  return (
    <>
      {report.threads.map(({ failed, name, thread }) =>
        failed === undefined ? null : (
          <p key={thread} class="notice bad">
            <strong>{name} could not be checked:</strong> {failed}
          </p>
        ),
      )}
      <h2 class={leaked.length > 0 ? "bad" : ""}>
        {leaked.length === 0 ? "No leaks" : plural(leaked.length, "leaked goroutine")}{" "}
        <small class="muted">of {count(checked)} that were waiting</small>
      </h2>
      {leaked.length === 0 ? (
        <p class="muted">Each of them can still be reached by something that may wake it.</p>
      ) : (
        <>
          <p class="muted">
            They are gone now; their <code>finally</code> blocks did not run.
          </p>
          <Grouped list={leaked} isGone />
        </>
      )}
      <h2>
        {suspects.length === 0 ? "No suspects" : plural(suspects.length, "suspect")}{" "}
        <small class="muted">waiting for longer than {duration(seconds * 1_000)}, and reachable</small>
      </h2>
      {suspects.length === 0 ? null : <Grouped list={suspects} isGone={false} />}
    </>
  )
}

interface Found {
  readonly thread: ThreadLeaks
  readonly goroutine: GoroutineDump
}

/** A leak is a place in the source: those of one place are one line. */
function Grouped({ isGone, list }: { readonly list: ReadonlyArray<Found>; readonly isGone: boolean }) {
  const places = new Map<string, Array<Found>>()
  for (const found of list) {
    const place = `${found.goroutine.startedAt ?? ""}\n${found.goroutine.reason ?? ""}\n${found.goroutine.stack[0] ?? ""}`
    const same = places.get(place)
    if (same === undefined) places.set(place, [found])
    else same.push(found)
  }
  return (
    <ul class="leak-list">
      {[...places.values()]
        .sort((a, b) => b.length - a.length)
        .map((same) => (
          <Place key={`${same[0]!.thread.thread}:${same[0]!.goroutine.id}`} same={same} isGone={isGone} />
        ))}
    </ul>
  )
}

function Place({ isGone, same }: { readonly same: ReadonlyArray<Found>; readonly isGone: boolean }) {
  const { goroutine, thread } = same[0]!
  const row = rowOf(thread, goroutine)
  const longest = Math.max(...same.map((found) => found.goroutine.waitMillis))
  return (
    <li class={isGone ? "leak gone" : "leak"}>
      <span class="leak-count">{same.length}×</span>
      <div>
        <p>
          {isGone ? <strong>{row.name}</strong> : <GoroutineLink row={row} />} <StateBadge row={row} />{" "}
          <span class="muted">
            for up to {duration(longest)}, in {thread.name}
          </span>
        </p>
        {row.detail === "" ? null : <p class="muted">{row.detail}</p>}
        {goroutine.startedAt === undefined ? null : (
          <p>
            <span class="muted">started at</span> <Site text={goroutine.startedAt} />
          </p>
        )}
        {goroutine.stack[0] === undefined ? null : (
          <p>
            <span class="muted">waits at</span> <Site text={goroutine.stack[0]} />
          </p>
        )}
      </div>
    </li>
  )
}
