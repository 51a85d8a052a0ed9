import type { ObjectDump } from "../../src/format/dump.ts"
import type { DumpModel } from "../model/dump-model.ts"
import { type GoroutineRow, shortDetail } from "../model/goroutine-row.ts"
import { GoroutineLink, GoroutineList } from "./goroutine-link.tsx"

/** What a goroutine waits on: how full it is, who holds it, who waits for it as well. */
export function ObjectCard({
  model,
  object,
  row,
}: {
  readonly model: DumpModel
  readonly object: ObjectDump
  readonly row: GoroutineRow
}) {
  const contended = model.contendedBy(row.thread, object.id)
  const others = (contended?.waiting ?? []).map((node) => model.rowOfNode(node)).filter(({ key }) => key !== row.key)
  const owner = contended?.owner === undefined ? undefined : model.rowOfNode(contended.owner)
  return (
    <div class="object-card">
      <p>
        <strong>{object.kind}</strong> <small>#{object.id}</small>{" "}
        {object.isClosed === true ? <span class="tag">closed</span> : null}
        {object.detail === undefined ? null : <span class="muted">{shortDetail(object.detail)}</span>}
      </p>
      {object.capacity === undefined || object.length === undefined ? null : (
        <Fill length={object.length} capacity={object.capacity} />
      )}
      {owner === undefined ? null : (
        <p>
          held by <GoroutineLink row={owner} />
        </p>
      )}
      {others.length === 0 ? (
        <p class="muted">Nobody else waits on it.</p>
      ) : (
        <>
          <p class="muted">Waiting on it as well ({others.length})</p>
          <GoroutineList rows={others} max={6} />
        </>
      )}
    </div>
  )
}

/** How full a buffer is. */
export function Fill({ capacity, length }: { readonly length: number; readonly capacity: number }) {
  if (capacity === 0) return <span class="muted">unbuffered</span>
  const share = Math.min(length / capacity, 1)
  return (
    <span class="fill-line">
      <span class={`fill${share === 1 ? " full" : ""}`} aria-hidden="true">
        <i style={{ width: `${share * 100}%` }} />
      </span>
      <span class="number">
        {length}/{Number.isFinite(capacity) ? capacity : "∞"}
      </span>
    </span>
  )
}
