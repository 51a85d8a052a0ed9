/** A garbage collection's kind in V8's words. */
export function collectionKind(kind: number): string {
  return kinds.get(kind) ?? `kind ${kind}`
}

const kinds = new Map([
  [1, "scavenge"],
  [2, "minor mark-sweep"],
  [4, "mark-sweep-compact"],
  [8, "incremental marking"],
  [16, "weak callbacks"],
])
