import type { ExploreOptions } from "@weft/core/testing"
import { planted } from "../../../core/test/support/planted.ts"
import type { Program } from "./every-schedule.ts"

/** The name of what `explore` finds in a program with a planted bug, and brings about again by its seed. A panic is seen through. */
export async function plantedBug(program: Program, options: ExploreOptions = { shares: "ops" }): Promise<string> {
  const error = (await planted(program, options)) as Error
  return error.name === "GoroutinePanic" ? (error.cause as Error).name : error.name
}
