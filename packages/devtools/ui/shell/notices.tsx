import { useState } from "preact/hooks"
import { keepToken } from "../api/session.ts"
import { useCell } from "../state/cell.ts"
import { connect, connection, meta } from "../state/observed.ts"
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
