/** One figure. */
export function Tile({
  dot,
  label,
  note,
  value,
}: {
  readonly label: string
  readonly value: string
  readonly note?: string
  readonly dot?: string
}) {
  return (
    <li class="tile">
      <span class="tile-label">
        {dot === undefined ? null : <i class={`dot ${dot}`} aria-hidden="true" />}
        {label}
      </span>
      <b>{value}</b>
      {note === undefined ? null : <small>{note}</small>}
    </li>
  )
}
