import { spentByStart } from "../trace/spent.ts"
import { startText } from "../trace/starts.ts"
import type { Timeline } from "../trace/timeline.ts"

/**
 * Where time went, as folded stacks: what `flamegraph.pl`, inferno and most other flame graphs read.
 *
 * A line a stack, "worker (jobs.ts:17:5);waiting;chan receive 12345", in nanoseconds.
 */
export function foldedStacks(timeline: Timeline): string {
  return spentByStart(timeline)
    .map(({ state, reason, nanos, ...start }) => ({
      frames: [startText(start), state, reason],
      nanos: Math.round(nanos),
    }))
    .filter(({ nanos }) => nanos > 0)
    .map(
      ({ frames, nanos }) =>
        `${frames
          .filter((frame) => frame !== "")
          .map(frameText)
          .join(";")} ${nanos}\n`,
    )
    .join("")
}

/** Semicolons part frames, and lines stacks. */
function frameText(text: string): string {
  return text.replace(/;/g, ",").replace(/[\r\n]+/g, " ")
}
