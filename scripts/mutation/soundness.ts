/** Which tests pass without any fault. */
import type { Copy } from "./copy.ts"
import { type Failure, runTests, testLimitMillis } from "./suite.ts"

export class Soundness {
  /** Those that don't: that they fail says nothing. */
  readonly broken = new Set<string>()
  readonly #sound = new Set<string>()
  readonly #limitMillis: number

  constructor(limitMillis: number) {
    this.#limitMillis = limitMillis
  }

  async isSound(copy: Copy, file: string): Promise<boolean> {
    return this.#sound.has(file) || (await this.#seconds(copy, file)) !== undefined
  }

  /** Whether the test takes so little without the fault, now, that a busy machine can't be why it came to its time limit. */
  async isQuick(copy: Copy, file: string, kind: Failure["kind"]): Promise<boolean> {
    const seconds = await this.#seconds(copy, file)
    return seconds !== undefined && seconds * 3 < (kind === "hung" ? this.#limitMillis : testLimitMillis) / 1000
  }

  /** A test is broken that never passes: once or twice that can be a busy machine, and it would be left out of all that follows. */
  async #seconds(copy: Copy, file: string): Promise<number | undefined> {
    for (let attempt = 1; attempt <= 3; attempt++) {
      const began = Date.now()
      const { kind } = await runTests(copy, [file], this.#limitMillis)
      if (kind !== "passed") continue
      this.#sound.add(file)
      return (Date.now() - began) / 1000
    }
    if (!this.#sound.has(file)) this.broken.add(file)
    return undefined
  }
}
