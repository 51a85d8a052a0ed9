import { useState } from "preact/hooks"
import { namesOfSilent } from "../../src/format/silent-thread.ts"
import { keepToken } from "../api/session.ts"
import { useCell } from "../state/cell.ts"
import { plural } from "../model/figures.ts"
import { connect, connection, dump, meta, samples } from "../state/observed.ts"
import { trace } from "../trace/opened-trace.ts"
import { recording } from "../trace/record.ts"

/** What the user must know whichever page is open. */
export function Notices() {
  const state = useCell(connection)
  const record = useCell(recording)
  const isPage = useCell(meta)?.pageUrl !== undefined
  return (
    <>
      {state.is === "ended" ? (
        <p class="notice" role="status">
          <strong>{isPage ? "The page is gone" : "The process has ended"}</strong>
          {state.why.includes("ended") ? "" : ` (${state.why})`}. What was seen of it is still here; nothing new will
          come. {isPage ? <a href="/">Which pages are there?</a> : null}
        </p>
      ) : null}
      {state.is === "weftless" ? (
        <p class="notice" role="status">
          <strong>{firstUpper(state.why)}.</strong> It is looked for each second, and appears here once it is loaded.
        </p>
      ) : null}
      <SilentThreads />
      <MissingMaps />
      {state.is === "lost" ? (
        <p class="notice bad" role="alert">
          <strong>No connection.</strong> {state.why} <button onClick={() => void connect()}>Try again</button>
        </p>
      ) : null}
      {record.is === "failed" ? (
        <p class="notice bad" role="alert">
          <strong>The recording failed.</strong> {record.why}
        </p>
      ) : null}
      {state.is === "refused" ? <AskForToken why={state.why} /> : null}
    </>
  )
}

const firstUpper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** Of the process, or of a saved trace of one. */
function SilentThreads() {
  const isFile = useCell(meta)?.source === "file"
  const live = useCell(samples).at(-1)?.stats
  const opened = useCell(trace)
  const recorded = opened.is === "open" ? opened.model.timeline.ended : undefined
  const { silent, silentThreads = 0 } = (isFile ? recorded : live) ?? {}
  if (silentThreads === 0) return null
  return (
    <p class="notice" role="status">
      <strong>{firstUpper(namesOfSilent(silentThreads, silent))} did not answer,</strong> and what runs there is
      missing: it never gives way to its event loop.
    </p>
  )
}

/** Places and names are then those of the bundle. */
function MissingMaps() {
  const missing = useCell(dump).value?.dump.missingSourceMaps ?? []
  if (missing.length === 0) return null
  return (
    <details class="notice">
      <summary>
        <strong>{plural(missing.length, "minified file")} without a source map:</strong> places and names in it are
        those of the bundle.
      </summary>
      <ul>
        {missing.map(({ file, map }) => (
          <li key={file}>
            {file}, looked for at <code>{map}</code>
          </li>
        ))}
      </ul>
    </details>
  )
}

function AskForToken({ why }: { readonly why: string }) {
  const [text, setText] = useState("")
  return (
    <form
      class="notice ask-token"
      onSubmit={(event) => {
        event.preventDefault()
        keepToken(text)
        void connect()
      }}
    >
      <p>
        <strong>This tab may not look yet.</strong> {why}
      </p>
      <label>
        Token, or the whole address{" "}
        <input
          type="password"
          autocomplete="off"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>{" "}
      <button>Open</button>
    </form>
  )
}
