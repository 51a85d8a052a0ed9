/** The program with a task more, whose name a task of another module has: bundlers put both into one file. */
import { spawn } from "@weft/workers"
import { square as squareInWords } from "./more-tasks.ts"
import { program } from "./program.ts"

export function* bundled() {
  return { ...(yield* program()), inWords: yield* spawn(squareInWords, 7) }
}
