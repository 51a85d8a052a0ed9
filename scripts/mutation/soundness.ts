/** Which tests pass without any fault, and how long they take. */
import type { Copy } from "./copy.ts"
import { type Limits, runTests } from "./suite.ts"

/** Without a fault nothing hangs, and what takes long is a machine that is busy with something else. */
const patient: Limits = { runMillis: 600_000, testMillis: 300_000 }

export class Soundness {
  /** Those that don't pass: that they fail says nothing. */
  readonly broken = new Set<string>()
  readonly #sound = new Set<string>()

  async isSound(copy: Copy, file: string): Promise<boolean> {
    return this.#sound.has(file) || (await this.millis(copy, file)) !== undefined
  }

  /** How long the test takes without the fault, now; undefined if it fails. */
  async millis(copy: Copy, file: string): Promise<number | undefined> {
    // One that has failed once would be left out of all that follows.
    for (let attempt = 1; attempt <= 2; attempt++) {
      const began = Date.now()
      const { kind } = await runTests(copy, [file], patient)
      if (kind !== "passed") continue
      this.#sound.add(file)
      return Date.now() - began
    }
    if (!this.#sound.has(file)) this.broken.add(file)
    return undefined
  }
}
