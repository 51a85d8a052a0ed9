import { duration, plural } from "../model/figures.ts"
import { useCell } from "../state/cell.ts"
import { type Connection, connection, meta, samples } from "../state/observed.ts"
import { RecordButton } from "./record-button.tsx"
import { isDark, switchTheme } from "./theme.ts"

export function TopBar({ onKeys }: { readonly onKeys: () => void }) {
  const about = useCell(meta)
  const uptime = useCell(samples).at(-1)?.stats.uptimeSeconds
  const dark = useCell(isDark)
  return (
    <header class="top-bar">
      <Status />
      <div class="about">
        <strong>{about?.title ?? "…"}</strong>
        {about?.pid === undefined ? null : <span>pid {about.pid}</span>}
        {about?.pageUrl === undefined ? null : (
          <>
            <span class="page-url">{about.pageUrl}</span>
            <a href="/">all pages</a>
          </>
        )}
        {about?.runtime === undefined ? null : <span>{about.runtime}</span>}
        {uptime === undefined ? null : <span>up {duration(Math.floor(uptime) * 1_000)}</span>}
      </div>
      <div class="actions">
        <RecordButton />
        <button class="quiet icon" onClick={switchTheme} aria-label={dark ? "Light colours" : "Dark colours"} title="t">
          {dark ? "☀" : "☾"}
        </button>
        <button class="quiet icon" onClick={onKeys} aria-label="Keys" title="?">
          ?
        </button>
      </div>
    </header>
  )
}

const words = {
  connecting: "connecting",
  live: "live",
  file: "saved trace",
  weftless: "no Weft found",
  lost: "connection lost",
  ended: "ended",
  refused: "no access",
} as const

function wordsOf(state: Connection): string {
  if (state.is !== "pages") return words[state.is]
  return state.connected === 0 ? "waiting for pages" : `${plural(state.connected, "page")} connected`
}

function Status() {
  const state = useCell(connection)
  return (
    <span class={`status ${state.is === "pages" && state.connected > 0 ? "live" : state.is}`} role="status">
      <i aria-hidden="true" />
      {wordsOf(state)}
    </span>
  )
}
