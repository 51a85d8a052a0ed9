import { type GoroutineRow, doing } from "../model/goroutine-row.ts"
import { type StateClass, stateClasses } from "../model/reason-class.ts"

/** A state in its colour, and in words: colour alone tells nobody who can't see it. */
export function StateBadge({ row }: { readonly row: Pick<GoroutineRow, "status" | "reason" | "stateClass"> }) {
  return (
    <span class="state">
      <Dot of={row.stateClass} />
      {doing(row)}
    </span>
  )
}

export const Dot = ({ of }: { readonly of: StateClass }) => (
  <i class={`dot c-${stateClasses[of]!.id}`} aria-hidden="true" />
)
