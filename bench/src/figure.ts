/** From a contestant's answers, one a round, to the figure that is kept. */
import type { Figure } from "./results.ts"
import { median, spread } from "./statistics.ts"
import type { Answer } from "./turn.ts"

/** With less of a processor than this a sample tells more about the machine's other programs than about its own. */
const undisturbed = 0.95

/** `go` are the answers of Go with GOMAXPROCS=1, if it takes part: round by round, so that ratios compare neighbours in time. */
export function figure(own: ReadonlyArray<Answer>, go: ReadonlyArray<Answer> | undefined): Figure {
  const ratios = own.flatMap((answer, round) => {
    const base = go?.[round]
    return base === undefined ? [] : [median(sound(answer)) / median(sound(base))]
  })
  const peaks = own.flatMap((answer) => ("peak" in answer ? [answer.peak] : []))
  return {
    ...spread(own.flatMap(sound)),
    disturbed: own.filter((answer) => "samples" in answer && alone(answer).length === 0).length / own.length,
    ...(ratios.length > 0 ? { toGo: spread(ratios) } : {}),
    ...(peaks.length > 0 ? { peak: median(peaks) } : {}),
  }
}

/** The samples that had a processor to themselves; if none had, all of them. */
function sound(answer: Answer): ReadonlyArray<number> {
  if (!("samples" in answer)) return [answer.heap]
  const own = alone(answer)
  return own.length > 0 ? own : answer.samples
}

function alone(answer: Extract<Answer, { samples: unknown }>): ReadonlyArray<number> {
  return answer.samples.filter((_, i) => (answer.shares[i] ?? 0) >= undisturbed)
}
