/** How often each of some texts is there. */
export interface Tally {
  /** Commonest first. */
  readonly shown: ReadonlyArray<{ readonly text: string; readonly times: number }>
  /** How many more texts there are. */
  readonly others: number
}

export function tally(texts: Iterable<string>, most: number): Tally {
  const counts = new Map<string, number>()
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1)
  const ordered = [...counts].sort((a, b) => b[1] - a[1])
  const shown = ordered.slice(0, most).map(([text, times]) => ({ text, times }))
  return { shown, others: ordered.length - shown.length }
}
