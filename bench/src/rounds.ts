/**
 * Interleaves the contestants: for each question, every round gives each of them one turn. What disturbs the machine for a while then
 * disturbs all of them, and ratios are taken within a round before their median is.
 */
import { type Contestant, type ContestantName, contestants } from "./contestants.ts"
import { figure } from "./figure.ts"
import type { GoBinary } from "./go.ts"
import { isOnThreads, type Question } from "./question.ts"
import type { Row } from "./results.ts"
import { type Answer, type Pace, takeTurn, TurnFailed } from "./turn.ts"

export interface Progress {
  turn(question: Question, contestant: Contestant, round: number): void
  failed(question: Question, contestant: Contestant, why: string): void
}

/** Asks a question of everyone who has an answer. Who fails once is out, and the row says why. */
export async function ask(
  question: Question,
  rounds: number,
  pace: Pace,
  go: GoBinary | undefined,
  progress: Progress,
): Promise<Row> {
  const answers = new Map<ContestantName, ReadonlyArray<Answer>>()
  const failures = new Map<ContestantName, string>()
  const taking = contestants.filter(
    (one) =>
      one.answers(question) &&
      (one.runsIn === "node" || go !== undefined) &&
      (!pace.quick || (one.quick && isCompared(question, one))),
  )
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
    figures: Object.fromEntries([...answers].map(([name, own]) => [name, figure(own, answers.get(baseOf(question)))])),
    failures: Object.fromEntries(failures),
  }
}

/** Of the many that answer about threads a quick run asks those to whom a target compares. */
function isCompared(question: Question, { name, runsIn }: Contestant): boolean {
  if (!isOnThreads(question) || name === "weft" || runsIn === "go") return true
  return Object.keys(question.target.advantage ?? {}).includes(name)
}

/** Whom ratios are to: Go with as many processors as the question has threads. */
function baseOf(question: Question): ContestantName {
  return question.measures === "time" && question.threads !== undefined ? "go-all" : "go-1"
}
