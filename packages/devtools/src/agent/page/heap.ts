/** Stands in for `agent/heap.ts` in pages. Only Chromium tells; 0 elsewhere. */
export function heapUsedBytes(): number {
  const { memory } = performance as { readonly memory?: { readonly usedJSHeapSize: number } }
  return memory?.usedJSHeapSize ?? 0
}
