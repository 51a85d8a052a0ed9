/**
 * Interleaves the contestants: for each question, every round gives each of them one turn. What disturbs the machine for a while then
 * disturbs all of them, and ratios are taken within a round before their median is.
 */
import type { MemoryAnswer } from "./child.ts"
import { type Contestant, type ContestantName, contestants } from "./contestants.ts"
import type { GoBinary } from "./go.ts"
import type { TimeAnswer } from "./measure.ts"
import type { Question } from "./question.ts"
import type { Row } from "./results.ts"
import { median, spread } from "./statistics.ts"
import { type Pace, takeTurn, TurnFailed } from "./turn.ts"

export interface Progress {
  turn(question: Question, contestant: Contestant, round: number): void
  failed(question: Question, contestant: Contestant, why: string): void
}

type Answers = Map<ContestantName, Array<TimeAnswer | MemoryAnswer>>

export async function ask(
  question: Question,
  rounds: number,
  pace: Pace,
  go: GoBinary | undefined,
  progress: Progress,
): Promise<Row> {
  const answers: Answers = new Map()
  const failures = new Map<ContestantName, string>()
  const taking = contestants.filter((one) => one.answers(question) && (one.runsIn === "node" || go !== undefined))
  for (let round = 0; round < rounds; round++) {
    // Each round starts with someone else, so that nobody always runs after the heaviest.
    for (let i = 0; i < taking.length; i++) {
      const contestant = taking[(i + round) % taking.length]
      if (contestant === undefined || failures.has(contestant.name)) continue
      progress.turn(question, contestant, round)
      try {
        const answer = await takeTurn(contestant, question, pace, go)
        answers.set(contestant.name, [...(answers.get(contestant.name) ?? []), answer])
      } catch (error) {
        if (!(error instanceof TurnFailed)) throw error
        failures.set(contestant.name, error.message)
        answers.delete(contestant.name)
        progress.failed(question, contestant, error.message)
      }
    }
  }
  return {
    question: question.name,
    figures: Object.fromEntries([...answers].map(([name, own]) => [name, figure(own, answers.get("go-1"))])),
    failures: Object.fromEntries(failures),
  }
}

function figure(
  own: ReadonlyArray<TimeAnswer | MemoryAnswer>,
  go: ReadonlyArray<TimeAnswer | MemoryAnswer> | undefined,
) {
  const ratios = own.flatMap((answer, round) => {
    const base = go?.[round]
    return base === undefined ? [] : [middle(answer) / middle(base)]
  })
  const peaks = own.flatMap((answer) => ("peak" in answer ? [answer.peak] : []))
  return {
    ...spread(own.flatMap((answer) => ("samples" in answer ? answer.samples : [answer.heap]))),
    ...(ratios.length > 0 ? { toGo: spread(ratios) } : {}),
    ...(peaks.length > 0 ? { peak: median(peaks) } : {}),
  }
}

function middle(answer: TimeAnswer | MemoryAnswer): number {
  return "samples" in answer ? median(answer.samples) : answer.heap
}
