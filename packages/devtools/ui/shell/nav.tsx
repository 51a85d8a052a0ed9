import { count } from "../model/figures.ts"
import { useCell } from "../state/cell.ts"
import { dump, leaks, samples } from "../state/observed.ts"
import { format, type PageName, pageNames, route } from "../state/route.ts"
import { trace } from "../trace/opened-trace.ts"

const titles: Readonly<Record<PageName, string>> = {
  overview: "Overview",
  goroutines: "Goroutines",
  timeline: "Timeline",
  waits: "Wait graph",
  channels: "Channels",
  locks: "Locks",
  leaks: "Leaks",
}

export const titleOf = (page: PageName): string => titles[page]

/** Where there are no pages to go to yet. */
export const Brand = () => (
  <div class="nav">
    <a class="brand" href="/">
      <img src="/icon.svg" alt="" width="24" height="24" />
      Weft
    </a>
  </div>
)

export function Nav() {
  const { page, params } = useCell(route)
  const notes = useNotes()
  return (
    <nav class="nav" aria-label="Pages">
      <a class="brand" href={format({ page: "overview", params: {} })}>
        <img src="/icon.svg" alt="" width="24" height="24" />
        Weft
      </a>
      <ul>
        {pageNames.map((name, i) => (
          <li key={name}>
            <a
              href={format({ page: name, params: { g: params["g"] } })}
              aria-current={name === page ? "page" : undefined}
            >
              <kbd aria-hidden="true">{i + 1}</kbd>
              <span class="nav-title">{titles[name]}</span>
              {notes[name] === undefined ? null : (
                <span class={`nav-note ${notes[name].tone}`}>
                  {notes[name].text}
                  <span class="visually-hidden"> {notes[name].means}</span>
                </span>
              )}
            </a>
          </li>
        ))}
      </ul>
      <p class="nav-foot">
        <kbd>?</kbd> all keys
      </p>
    </nav>
  )
}

type Notes = Readonly<Partial<Record<PageName, { text: string; tone: "plain" | "bad"; means?: string }>>>

function useNotes(): Notes {
  const model = useCell(dump).value
  const report = useCell(leaks).value
  const opened = useCell(trace)
  const deadlocks = model?.graph.knots.filter(({ kind }) => kind === "deadlock").length ?? 0
  const leaked = report?.threads.reduce((sum, thread) => sum + thread.leaked.length, 0) ?? 0
  const live = useCell(samples)
    .at(-1)
    ?.stats.threads.reduce((sum, thread) => sum + thread.live, 0)
  const goroutines = live ?? model?.rows.length ?? (opened.is === "open" ? opened.model.goroutines.count : undefined)
  return {
    ...(goroutines === undefined ? {} : { goroutines: { text: count(goroutines), tone: "plain" as const } }),
    ...(deadlocks === 0 ? {} : { waits: { text: count(deadlocks), tone: "bad" as const, means: "deadlocks" } }),
    ...(leaked === 0 ? {} : { leaks: { text: count(leaked), tone: "bad" as const, means: "leaked" } }),
  }
}
