/** What every program here does with its threads: results, a channel, a loop, a value that can't be sent, a crash. */
import { chan } from "@weft/channels"
import { go, threadId } from "@weft/core"
import { parallel, spawn } from "@weft/workers"
import { crash, shout, square, where } from "./tasks.ts"

export function* program() {
  const words = chan<string>()
  const loud = chan<string>()
  const heard: Array<string> = []
  const shouter = spawn(shout, words, loud)
  go(function* () {
    for (const word of ["warp", "weft"]) yield* words.send(word)
    words.close()
  })
  yield* loud.forEach((word) => void heard.push(word))
  yield* shouter
  return {
    result: yield* spawn(square, 7),
    isElsewhere: (yield* spawn(where)) !== threadId(),
    heard,
    squares: yield* parallel.map([1, 2, 3, 4], square),
    notCloneable: nameOf(() => spawn(square, (() => 1) as never)),
    crash: yield* crashed(),
  }
}

function* crashed() {
  try {
    yield* spawn(crash)
    return "it has not crashed"
  } catch (error) {
    return (error as Error).name
  }
}

function nameOf(f: () => unknown): string {
  try {
    f()
    return "it has not thrown"
  } catch (error) {
    return (error as Error).name
  }
}
