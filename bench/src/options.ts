/** The command line. */
import { parseArgs } from "node:util"
import { questions } from "./questions.ts"

export const help = `Weft beside Go and its rivals.

  npm run bench                          all questions, about half an hour
  npm run bench -- --quick               one short round, about two minutes; writes no report
  npm run bench -- --only ring,sieve     some questions; writes no report
  npm run bench -- --rounds 9            more rounds than ${String(5)}
  npm run bench -- --profile ring        a CPU profile of Weft at one question
  npm run bench -- --report              write docs/benchmarks.* again, from the last full run

Questions: ${questions.map((question) => question.name).join(", ")}
`

export type Options =
  | { readonly command: "help" | "report" }
  | { readonly command: "profile"; readonly question: string }
  | {
      readonly command: "run"
      readonly only: ReadonlyArray<string> | undefined
      readonly quick: boolean
      readonly rounds: number
      readonly millis: number
      readonly samples: number
    }

/** What the user got wrong; the message is for the terminal. */
export class BadOption extends Error {}

export function parseOptions(args: ReadonlyArray<string>): Options {
  const values = parse(args)
  if (values.help === true) return { command: "help" }
  if (values.report === true) return { command: "report" }
  if (values.profile !== undefined) return { command: "profile", question: find(values.profile) }
  const quick = values.quick === true
  return {
    command: "run",
    only: values.only?.split(",").map(find),
    quick,
    rounds: values.rounds === undefined ? (quick ? 1 : 5) : wholeNumber("--rounds", values.rounds),
    millis: quick ? 60 : 500,
    samples: quick ? 3 : 5,
  }
}

function parse(args: ReadonlyArray<string>) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        help: { type: "boolean", short: "h" },
        quick: { type: "boolean" },
        only: { type: "string" },
        rounds: { type: "string" },
        profile: { type: "string" },
        report: { type: "boolean" },
      },
    }).values
  } catch (error) {
    throw new BadOption(error instanceof Error ? error.message : String(error))
  }
}

/** A question's name, however it is hyphenated: pingpong, ping-pong, Ping_Pong. */
function find(wanted: string): string {
  const plain = (name: string) => name.toLowerCase().replaceAll(/[^a-z0-9]/g, "")
  const found = questions.find((question) => plain(question.name) === plain(wanted))
  if (found === undefined) {
    const all = questions.map((question) => question.name).join(", ")
    throw new BadOption(`there is no question ${JSON.stringify(wanted)}; there are ${all}`)
  }
  return found.name
}

function wholeNumber(option: string, text: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number) || number < 1) throw new BadOption(`${option} ${text}: pass a whole number above 0`)
  return number
}
