import type { ComponentChildren } from "preact"
import { useEffect, useState } from "preact/hooks"
import { duration } from "../model/figures.ts"
import { useCell } from "../state/cell.ts"
import { dump, meta, refreshDump } from "../state/observed.ts"

/** A page's title, and how old the dump is that it shows. */
export function PageHead({ children, title }: { readonly title: string; readonly children?: ComponentChildren }) {
  const about = useCell(meta)
  return (
    <div class="page-head">
      <h1>{title}</h1>
      {children}
      <span class="spring" />
      {about?.source === "process" ? <DumpAge /> : null}
    </div>
  )
}

function DumpAge() {
  const { at, error, isPending, value } = useCell(dump)
  const now = useNow()
  return (
    <span class="dump-age">
      {error === undefined ? null : (
        <span class="bad" role="alert">
          No new dump: {error}
        </span>
      )}
      {at === undefined || value === undefined ? null : (
        <span
          class="muted"
          title={`It kept a thread from its work for ${duration(value.dump.longestPauseMillis)} at a time.`}
        >
          dump of {duration(Math.max(0, Math.floor((now - at) / 1_000) * 1_000)).replace(/^0$/, "less than 1 s")} ago,
          took {duration(value.dump.tookMillis)}
        </span>
      )}
      <button onClick={refreshDump} disabled={isPending} title="r">
        {isPending ? "Looking …" : "Look again"}
      </button>
    </span>
  )
}

function useNow(): number {
  const [now, setNow] = useState(Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [])
  return Math.max(now, dump.value.at ?? 0)
}
