/** For tests of the tests: a program with a bug that somebody planted. */
import type { Body, Yieldable } from "@weft/core"
import { explore, type ExploreOptions } from "@weft/core/testing"
import { expect } from "vitest"

/** What `explore` finds in it; the seed of the failure replays it, step by step. */
export async function planted<Y extends Yieldable>(
  program: Body<unknown, Y>,
  options: ExploreOptions = {},
): Promise<unknown> {
  const { failure } = await explore(options, program)
  expect(failure, "no schedule fails").toBeDefined()
  const { clock, leaks, services } = options
  const again = await explore(
    {
      replay: failure!.seed,
      ...(clock === undefined ? {} : { clock }),
      ...(leaks === undefined ? {} : { leaks }),
      ...(services === undefined ? {} : { services }),
    },
    program,
  )
  expect(again.failure).toEqual(failure)
  return failure!.error
}
