import { join } from "node:path"
import type { Op } from "@weft/core"
import * as guard from "../../src/guard.ts"
import * as invalidAmount from "../../src/invalid-amount.ts"
import * as semaphore from "../../src/semaphore.ts"
import * as unlockOfUnlocked from "../../src/unlock-of-unlocked.ts"
import * as waitGroup from "../../src/wait-group.ts"
import { announce, loadStepping } from "../../../core/test/support/stepping.node.ts"

/** Code of a simulated thread. */
export type Steps<A = void> = Generator<Op<unknown>, A, unknown>

/** What a class of src/shared makes in given memory. */
export interface At<T> {
  at(buffer: SharedArrayBuffer, offset: number): T
}

/** A class of src/shared, as it is with a choice point before each of its atomic accesses. */
export function stepping<T>(file: string): T {
  return loadStepping(join(import.meta.dirname, "../../src/shared", `${file}.ts`), {
    "../guard.ts": guard,
    "../invalid-amount.ts": invalidAmount,
    "../semaphore.ts": semaphore,
    "../unlock-of-unlocked.ts": unlockOfUnlocked,
    "../wait-group.ts": waitGroup,
  }) as T
}

/** New shared memory, whose words the exploration tells apart. */
export function memory(words: number): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(4 * words)
  announce(new Int32Array(buffer))
  return buffer
}
