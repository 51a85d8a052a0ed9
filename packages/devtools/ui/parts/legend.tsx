import { stateClasses } from "../model/reason-class.ts"
import { Dot } from "./state-badge.tsx"

/** What the colours mean. */
export const Legend = () => (
  <ul class="legend" aria-label="Colours">
    {stateClasses.slice(1).map(({ id, label }, i) => (
      <li key={id}>
        <Dot of={i + 1} />
        {label}
      </li>
    ))}
  </ul>
)
