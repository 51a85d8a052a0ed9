export { accessed, isExploring, made } from "./accessed.ts"
export { Alarm } from "./alarm.ts"
export { startArrival } from "./start-arrival.ts"
export type { AttachPoint } from "./attach-point.ts"
export {
  type Body,
  type ErrorOf,
  generatorIn,
  generatorOf,
  isGenerator,
  type ServicesOf,
  type Yieldable,
} from "./body.ts"
export type { Clock } from "./clock.ts"
export { type Cancel, context, type Context } from "./context.ts"
export { ContextCanceled, ContextMisuse, DeadlineExceeded } from "./context-error.ts"
export { valuesOf } from "./context-node.ts"
export { currentServices, goroutines, numGoroutine } from "./current-run.ts"
export { DeadlockError, type LeakReport } from "./deadlock.ts"
export { DelayedStart } from "./delayed-start.ts"
export { failure, isFailure } from "./failure.ts"
export type { FromPromiseOptions } from "./from-promise.ts"
export { go } from "./go.ts"
export { goexit, interruptedBy } from "./goexit.ts"
export type { Goroutine } from "./goroutine.ts"
export { GoroutinePanic } from "./goroutine-panic.ts"
export type { GoroutineStatus } from "./goroutine-status.ts"
export { gosched } from "./gosched.ts"
export { HandleMismatch } from "./handle-mismatch.ts"
export { hold } from "./hold.ts"
export { onHostEnd, startIdleTimeout } from "./host.ts"
export { install } from "./install.ts"
export { GoroutineInterrupted } from "./interrupted.ts"
export { InvalidDuration } from "./invalid-duration.ts"
export { checkOptions, InvalidOption, type KnownOptions } from "./invalid-option.ts"
export { InvalidYield } from "./invalid-yield.ts"
export { joinAll } from "./join-all.ts"
export { type Loaded, loadWithoutRuns } from "./load-without-runs.ts"
export { never } from "./never.ts"
export { NotReady } from "./not-ready.ts"
// The class behind Op: declaration files need a name for what they infer.
export type { Op as OpClass, OpIterator } from "./op.ts"
export type { OpProtocol } from "./op-make.ts"
export { Op } from "./op-statics.ts"
export { describe, InvalidBody, OutsideRuntime, Panic } from "./panic.ts"
export { Phase } from "./phase.ts"
export { type DeadlockWitness, type Machine, type Plugin, PluginConflict, type PluginRuntime } from "./plugin.ts"
export { boundHere, currentProcessor, type Processor } from "./processor.ts"
export { run, runExit } from "./run-main.ts"
export type { RunOptions, RunOptionsFor } from "./run-options.ts"
export type { Scheduler } from "./scheduler.ts"
export { scope, type Scope } from "./scope.ts"
export { sleep, toMillis } from "./sleep.ts"
export type { GoroutineSnapshot } from "./snapshot.ts"
export { starter } from "./starter.ts"
export { TimerEntry } from "./timer-heap.ts"
export { trace } from "./trace.ts"
export type { TraceHooks } from "./trace-hooks.ts"
export { WaitList } from "./wait-list.ts"
export { WaitWord } from "./wait-word.ts"
export {
  checkSharedPlace,
  InvalidSharedPlace,
  newSharedMemory,
  type SharedKind,
  SharedLayoutMismatch,
  SharedMemoryUnavailable,
  sharedWords,
  sharesMemory,
} from "./shared-words.ts"
export { threadId } from "./thread-id.ts"
export { type Elsewhere, Waiter } from "./waiter.ts"
