/** A whole number within bounds, both included. (`Flag.between` bounds how often a flag may be given.) */
import { Flag } from "effect/cli"

export const between = (least: number, most: number): ((flag: Flag.Flag<number>) => Flag.Flag<number>) =>
  Flag.filter(
    (value) => value >= least && value <= most,
    () => `a whole number from ${least} to ${most}`,
  )
