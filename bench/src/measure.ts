/** Takes samples of a program inside one process: the same procedure as `measure` in go/main.go. */
import type { Program, TimeQuestion } from "./question.ts"

export interface TimeAnswer {
  readonly batches: number
  readonly checksum: number
  /** Nanoseconds per operation. */
  readonly samples: ReadonlyArray<number>
  /** For each sample, which share of the time it had a processor: less than 1 if it had to wait for one, or slept. */
  readonly shares: ReadonlyArray<number>
}

/**
 * Finds how many batches fill one sample, which warms the JIT up as well, then takes the samples. A question whose single batch is longer
 * than the whole budget is given one sample past it and no more.
 */
export async function measure(
  program: Program,
  question: TimeQuestion,
  budgetMillis: number,
  samples: number,
): Promise<TimeAnswer> {
  const batches = await warmUp(program, question, budgetMillis, budgetMillis / samples)
  const taken: Array<number> = []
  const shares: Array<number> = []
  let checksum = 0
  const start = performance.now()
  while (taken.length < samples && (taken.length === 0 || performance.now() - start < 2 * budgetMillis)) {
    const cpu = process.threadCpuUsage()
    const began = performance.now()
    checksum = await program(batches)
    const took = performance.now() - began
    const { user, system } = process.threadCpuUsage(cpu)
    taken.push(question.reading?.() ?? (took * 1e6) / batches / question.operations)
    shares.push((user + system) / 1e3 / took)
    await question.tidy?.()
  }
  return { batches, checksum, samples: taken, shares }
}

/** A run that takes so long is not done once more for what it may have started. */
const longMillis = 3000

async function warmUp(
  program: Program,
  question: TimeQuestion,
  budgetMillis: number,
  sampleMillis: number,
): Promise<number> {
  let batches = 1
  let warmed = 0
  for (let isFirst = true; ; isFirst = false) {
    const began = performance.now()
    await program(batches)
    const took = performance.now() - began
    await question.tidy?.()
    // It may have started threads, which says nothing of what comes; but what takes long anyway is not done again for that.
    if (isFirst && took < longMillis) continue
    warmed += took
    // Long enough for one sample, and for the optimising compiler; or as slow as that will ever get.
    if ((took >= sampleMillis && warmed >= budgetMillis) || took >= budgetMillis) {
      return Math.max(1, Math.floor((batches * sampleMillis) / took))
    }
    if (took < sampleMillis / 16) batches *= 8
    else if (took < sampleMillis) batches *= 2
  }
}
