/** In a file of its own, as a page has another way to tell (`page/heap.ts`). */
export const heapUsedBytes = (): number => process.memoryUsage().heapUsed
