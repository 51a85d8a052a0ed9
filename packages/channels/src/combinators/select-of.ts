import type { Op } from "@weft/core"
import { type Cases, select } from "../select.ts"

/** A select over a list of ops: which of them was taken, and its result. */
export function selectOf<A, E>(ops: ReadonlyArray<Op<A, E>>): Op<{ readonly case: number; readonly value: A }, E> {
  return select(ops as unknown as Cases) as unknown as Op<{ readonly case: number; readonly value: A }, E>
}
