/**
 * Where the threads of `threads.node.ts` meet before they begin: word 0 counts who is there, word 1 + i says whether thread i is.
 *
 * A file of its own, as threads load it from source: see there.
 */

/** Thread `index` is there; said for it where it never will be. */
export function arrive(gate: Int32Array, index: number): void {
  if (Atomics.compareExchange(gate, 1 + index, 0, 1) !== 0) return
  if (Atomics.add(gate, 0, 1) + 1 === gate.length - 1) Atomics.notify(gate, 0)
}

/** Blocks the thread until all are there. */
export function waitForAll(gate: Int32Array): void {
  for (let there = Atomics.load(gate, 0); there < gate.length - 1; there = Atomics.load(gate, 0))
    Atomics.wait(gate, 0, there)
}
