import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { TerminalCapabilities } from "effect/cli"
import type { Speech } from "./text/goroutine-text.ts"
import { render } from "./text/paint.ts"
import { Places } from "./text/place.ts"

/** Where the results go: standard output. Tests bring their own. */
export interface Output {
  /** Of the terminal; 100 elsewhere. */
  readonly columns: number
  readonly isTerminal: boolean
  readonly isColored: boolean
  /** The directory that places in files are shown relative to. */
  readonly directory: string
  /** Resolves when it is written: a pipe may be slow. */
  readonly write: (chunk: string | Uint8Array) => Promise<void>
  /** A word to the user beside the results: standard error. */
  readonly say: (line: string) => void
}

export const Output: Context.Service<Output, Output> = Context.Service("@weft/devtools/cli/Output")

export const standardOutput: Layer.Layer<Output> = Layer.effect(
  Output,
  Effect.map(TerminalCapabilities.TerminalCapabilities, ({ canColor }) => ({
    // Some terminals say 0.
    columns: (process.stdout.isTTY && process.stdout.columns) || 100,
    isTerminal: process.stdout.isTTY,
    isColored: canColor,
    directory: process.cwd(),
    write: (chunk) => new Promise((resolve) => process.stdout.write(chunk, () => resolve())),
    say: (line) => void process.stderr.write(`${render(line, false)}\n`),
  })),
)

/** Prints painted text, and a line feed. */
export const print: (text: string) => Effect.Effect<void, never, Output> = Effect.fnUntraced(function* (text: string) {
  const output = yield* Output
  yield* Effect.promise(() => output.write(`${render(text, output.isColored)}\n`))
})

export const say = (line: string): Effect.Effect<void, never, Output> =>
  Effect.map(Output, (output) => output.say(line))

/** Tables are not cut where they go into a file or another program. */
export const tableWidth: Effect.Effect<number, never, Output> = Effect.map(Output, ({ columns, isTerminal }) =>
  isTerminal ? columns : Infinity,
)

export const speechFor = (hasThreads: boolean): Effect.Effect<Speech, never, Output> =>
  Effect.map(Output, ({ columns, directory, isTerminal }) => ({
    columns,
    valueColumns: isTerminal ? columns : Infinity,
    hasThreads,
    places: new Places(directory),
  }))
