/** A vitest reporter for `npm run soak`: what was searched, and how to repeat what failed. */
import type { Reporter, TestCase } from "vitest/node"

interface Soaked {
  readonly schedules: number
  readonly runs: number
}

export default class SoakReporter implements Reporter {
  readonly #began = performance.now()
  readonly #failed: Array<TestCase> = []
  #tests = 0
  #schedules = 0
  #runs = 0

  onTestCaseResult(test: TestCase): void {
    this.#tests++
    const { soaked } = test.meta() as { readonly soaked?: Soaked }
    this.#schedules += soaked?.schedules ?? 0
    this.#runs += soaked?.runs ?? 0
    if (test.result().state === "failed") this.#failed.push(test)
  }

  onTestRunEnd(): void {
    const { WEFT_SEED: seed = "1", WEFT_SOAK: times = "1" } = process.env
    const minutes = ((performance.now() - this.#began) / 60_000).toFixed(1)
    const count = (n: number): string => n.toLocaleString("en")
    console.log(
      `soak: seed ${seed}: ${count(this.#schedules)} schedules explored and ${count(this.#runs)} other runs in ${count(this.#tests)} tests, ${minutes} minutes`,
    )
    for (const test of this.#failed) {
      const name = test.fullName.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&").replaceAll("'", ".")
      console.log(`\nfailed: ${test.module.relativeModuleId} > ${test.fullName}`)
      console.log(
        `repeat it: WEFT_SEED=${seed} WEFT_SOAK=${times} npx vitest run --project "node*" ${test.module.relativeModuleId} -t '${name}'`,
      )
    }
    if (this.#failed.length > 0)
      console.log("\nA failed exploration also tells its one schedule: explore({ replay: ... }, program).")
  }
}
