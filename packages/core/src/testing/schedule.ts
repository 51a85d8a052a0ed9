import { Panic } from "../panic.ts"

/**
 * A schedule as text: its deviations from the default one. "3:1 0:2" takes the default three times, then alternative 1, then alternative 2
 * at once, and the default from there on. "default" has none.
 */
export function encodeSchedule(decisions: ReadonlyArray<number>): string {
  const deviations: Array<string> = []
  let skipped = 0
  for (const decision of decisions) {
    if (decision === 0) skipped++
    else {
      deviations.push(`${skipped}:${decision}`)
      skipped = 0
    }
  }
  return deviations.length === 0 ? "default" : deviations.join(" ")
}

export function decodeSchedule(text: string): Array<number> {
  if (text === "default") return []
  const decisions: Array<number> = []
  for (const deviation of text.trim().split(/\s+/)) {
    const [, skipped, decision] = /^(\d{1,7}):([1-9]\d{0,6})$/.exec(deviation) ?? []
    if (skipped === undefined || decision === undefined) throw new InvalidSchedule(text)
    for (let i = 0; i < Number(skipped); i++) decisions.push(0)
    decisions.push(Number(decision))
  }
  return decisions
}

/**
 * `replay` was given a text that is no schedule.
 *
 * @since 0.1.0
 */
export class InvalidSchedule extends Panic<{ schedule: string }> {
  override readonly name = "InvalidSchedule"

  constructor(schedule: string) {
    super(`explore: ${JSON.stringify(schedule)} is no schedule; give the seed of a failure, such as "3:1 0:2"`, {
      schedule,
    })
  }
}
