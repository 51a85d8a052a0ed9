import { count, number } from "./quantity.ts"

/** The commonest texts, with how often each; the last one says how many others there are. */
export function tally(
  texts: ReadonlyArray<string>,
  most: number,
): Array<{ readonly text: string; readonly times: string }> {
  const counts = new Map<string, number>()
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1)
  if (counts.size <= 1) return [...counts.keys()].map((text) => ({ text, times: "" }))
  const ordered = [...counts].sort((a, b) => b[1] - a[1])
  const shown = ordered.slice(0, most).map(([text, n]) => ({ text, times: n === 1 ? "" : `${number(n)} times` }))
  if (ordered.length > most) {
    const last = shown.pop()!
    const others = `and ${count(ordered.length - most, "other")}`
    shown.push({ text: last.text, times: last.times === "" ? others : `${last.times}, ${others}` })
  }
  return shown
}
