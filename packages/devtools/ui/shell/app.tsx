import type { ComponentChild } from "preact"
import { useMemo, useState } from "preact/hooks"
import { GoroutineDetail } from "../parts/goroutine-detail.tsx"
import { Channels } from "../pages/channels.tsx"
import { ConnectedPages } from "../pages/connected-pages.tsx"
import { Goroutines } from "../pages/goroutines.tsx"
import { Leaks } from "../pages/leaks.tsx"
import { Locks } from "../pages/locks.tsx"
import { Overview } from "../pages/overview.tsx"
import { Timeline } from "../pages/timeline.tsx"
import { Waits } from "../pages/waits.tsx"
import { useCell } from "../state/cell.ts"
import { meta, refreshDump } from "../state/observed.ts"
import { open, type PageName, pageNames, route, select } from "../state/route.ts"
import { toggleRecording } from "../trace/record.ts"
import { KeyList } from "./key-list.tsx"
import { type KeyBinding, useKeys } from "./keys.ts"
import { Brand, Nav, titleOf } from "./nav.tsx"
import { Notices } from "./notices.tsx"
import { switchTheme } from "./theme.ts"
import { TopBar } from "./top-bar.tsx"

const pages: Readonly<Record<PageName, () => ComponentChild>> = {
  overview: Overview,
  goroutines: Goroutines,
  timeline: Timeline,
  waits: Waits,
  channels: Channels,
  locks: Locks,
  leaks: Leaks,
}

export function App() {
  const { page, params } = useCell(route)
  const [showsKeys, setShowsKeys] = useState(false)
  useKeys(
    "Everywhere",
    useMemo(() => everywhere(() => setShowsKeys(true)), []),
  )
  const isOfPages = useCell(meta)?.source === "pages"
  const Page = isOfPages ? ConnectedPages : pages[page]
  const selected = params["g"]
  return (
    <div class={selected === undefined ? "app" : "app with-detail"}>
      <a class="skip" href="#main" onClick={skip}>
        Skip to the page
      </a>
      {isOfPages ? <Brand /> : <Nav />}
      <TopBar onKeys={() => setShowsKeys(true)} />
      <main id="main" tabIndex={-1} aria-label={isOfPages ? "Pages" : titleOf(page)}>
        <Notices />
        <Page />
      </main>
      {selected === undefined ? null : <GoroutineDetail key={selected} selected={selected} />}
      {showsKeys ? <KeyList onClose={() => setShowsKeys(false)} /> : null}
    </div>
  )
}

/** Not by the address: what stands behind its `#` is ours. */
function skip(event: Event): void {
  event.preventDefault()
  document.getElementById("main")?.focus()
}

const everywhere = (showKeys: () => void): ReadonlyArray<KeyBinding> => [
  ...pageNames.map((page, i) => ({ keys: [String(i + 1)], does: titleOf(page), run: () => open(page) })),
  { keys: ["/"], does: "to the filter", run: () => document.querySelector<HTMLElement>("[data-filter]")?.focus() },
  { keys: ["r"], does: "look again (a new dump)", run: refreshDump },
  { keys: ["c"], does: "start or stop a recording", run: toggleRecording },
  { keys: ["t"], does: "dark or light", run: switchTheme },
  { keys: ["Escape"], does: "close the goroutine", run: () => select({ g: undefined }) },
  { keys: ["?"], does: "this list", run: showKeys },
]
