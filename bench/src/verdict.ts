/** Whether Weft reached what it set out to reach: each target of a question beside what was measured. */
import { megabytes, quantity, times } from "./format.ts"
import type { Question, Rival } from "./question.ts"
import type { Row } from "./results.ts"

export interface Verdict {
  readonly target: string
  readonly measured: string
  readonly met: boolean
}

/** How many times faster than a rival Weft has to be, wherever the rival has an answer. */
export const advantage: Partial<Record<Rival, number>> = {
  "thi.ng": 4,
  effect: 15,
  "js-csp": 15,
  "async-mutex": 10,
}

/** What the question itself asks for: ratios to Go, bytes. Empty when nothing was measured that could tell. */
export function verdicts(question: Question, row: Row): ReadonlyArray<Verdict> {
  const weft = row.figures.weft
  if (weft === undefined) return []
  const { bytes, nanoseconds, peak, toGo } = question.target
  const found: Array<Verdict> = []
  if (toGo !== undefined && weft.toGo !== undefined) {
    found.push({ target: `≤ ${String(toGo)}`, measured: times(weft.toGo.median), met: weft.toGo.median <= toGo })
  }
  if (nanoseconds !== undefined) {
    const met = weft.median <= nanoseconds
    found.push({ target: `≤ ${quantity(question, nanoseconds)}`, measured: quantity(question, weft.median), met })
  }
  if (bytes !== undefined) {
    found.push({ target: `≤ ${String(bytes)} B`, measured: `${weft.median.toFixed(0)} B`, met: weft.median <= bytes })
  }
  if (peak !== undefined && weft.peak !== undefined) {
    found.push({ target: `≤ ${megabytes(peak)} in all`, measured: megabytes(weft.peak), met: weft.peak <= peak })
  }
  return found
}

/** How many times what Weft needs a rival needs, and whether that is as much as Weft set out for. */
export function against(
  question: Question,
  row: Row,
  rival: Rival,
): (Verdict & { readonly ratio: number }) | undefined {
  const weft = row.figures.weft
  const other = row.figures[rival]
  if (weft === undefined || other === undefined) return undefined
  const ratio = other.median / weft.median
  const usual = question.measures === "time" ? advantage[rival] : undefined
  const wanted = question.target.advantage?.[rival] ?? usual ?? 0
  return {
    ratio,
    target: `≥ ${String(Number(wanted.toFixed(2)))}×`,
    measured: `${times(ratio)}×`,
    met: ratio >= wanted,
  }
}
