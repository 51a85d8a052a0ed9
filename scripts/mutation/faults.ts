import type { Fault } from "./fault.ts"
import { locksFaults } from "./faults/locks.ts"
import { atomicsFaults } from "./faults/atomics.ts"
import { boundsFaults } from "./faults/bounds.ts"
import { bridgeFaults } from "./faults/bridges.ts"
import { bufferFaults } from "./faults/buffers.ts"
import { channelFaults } from "./faults/channels.ts"
import { combinatorFaults } from "./faults/combinators.ts"
import { contextFaults } from "./faults/context.ts"
import { devtoolsFaults } from "./faults/devtools.ts"
import { exploreFaults } from "./faults/explore.ts"
import { goroutineFaults } from "./faults/goroutine.ts"
import { opFaults } from "./faults/op.ts"
import { outsideFaults } from "./faults/outside.ts"
import { processorFaults } from "./faults/processor.ts"
import { queueFaults } from "./faults/queues.ts"
import { runFaults } from "./faults/run.ts"
import { scopeFaults } from "./faults/scope.ts"
import { selectFaults } from "./faults/select.ts"
import { sharedFaults } from "./faults/shared.ts"
import { sharedRingFaults } from "./faults/shared-ring.ts"
import { sharedWaitFaults } from "./faults/shared-waits.ts"
import { syncFaults } from "./faults/sync.ts"
import { timerFaults } from "./faults/timers.ts"
import { workerFaults } from "./faults/workers.ts"

export const faults: ReadonlyArray<Fault> = [
  ...opFaults,
  ...goroutineFaults,
  ...processorFaults,
  ...queueFaults,
  ...scopeFaults,
  ...contextFaults,
  ...outsideFaults,
  ...runFaults,
  ...channelFaults,
  ...bufferFaults,
  ...selectFaults,
  ...timerFaults,
  ...combinatorFaults,
  ...bridgeFaults,
  ...syncFaults,
  ...boundsFaults,
  ...locksFaults,
  ...atomicsFaults,
  ...exploreFaults,
  ...sharedFaults,
  ...sharedRingFaults,
  ...sharedWaitFaults,
  ...devtoolsFaults,
  ...workerFaults,
]
