export {
  type Exploration,
  explore,
  type ExploreFailure,
  type ExploreOptions,
  IncompleteExploration,
  InvalidExploreOption,
  NondeterministicProgram,
  ScheduleFailed,
  StaleSchedule,
} from "./explore.ts"
export { invariant, InvariantBroken } from "./invariant.ts"
export { LeakedGoroutines } from "./leaked-goroutines.ts"
export { Livelock } from "./livelock.ts"
export { InvalidSchedule } from "./schedule.ts"
export { DataRace, type Shadow, shadow } from "./shadow.ts"
export { synctest, type SynctestOptions } from "./synctest.ts"
export { waitIdle, WaitIdleTwice } from "./wait-idle.ts"
export { seeded } from "./seeded.ts"
export { virtualTime } from "./virtual-clock.ts"
export { linearizable, type Verdict } from "./linearizable/linearizable.ts"
export type { Model, Outcome, Returned } from "./linearizable/model.ts"
export { NotLinearizable } from "./linearizable/not-linearizable.ts"
export { type Operation, thrown, Thrown } from "./linearizable/operation.ts"
export { type History, recordHistory } from "./linearizable/record-history.ts"
export type { Start, Window } from "./linearizable/window.ts"
