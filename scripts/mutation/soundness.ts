/** Which tests pass without any fault, and how long they take. */
import type { Copy } from "./copy.ts"
import { type Limits, runTests } from "./suite.ts"
import type { Tags } from "./tests-for.ts"

/** Without a fault nothing hangs, and what takes long is a machine that is busy with something else. */
const patient: Limits = { runMillis: 600_000, testMillis: 300_000 }

export class Soundness {
  /** Those that don't pass: that they fail says nothing. */
  readonly broken = new Set<string>()
  readonly #sound = new Set<string>()

  async isSound(copy: Copy, file: string, tags: Tags): Promise<boolean> {
    return this.#sound.has(`${file} ${tags}`) || (await this.millis(copy, file, tags)) !== undefined
  }

  /** How long the test takes without the fault, now; undefined if it fails. */
  async millis(copy: Copy, file: string, tags: Tags): Promise<number | undefined> {
    // One that has failed once would be left out of all that follows.
    for (let attempt = 1; attempt <= 2; attempt++) {
      const outcome = await runTests(copy, { files: [file], tags }, patient)
      if (outcome.kind !== "passed") continue
      this.#sound.add(`${file} ${tags}`)
      return outcome.millis
    }
    if (!this.#sound.has(`${file} ${tags}`)) this.broken.add(file)
    return undefined
  }
}
