/** All questions, in the order of the tables. */
import type { Question } from "./question.ts"
import { question as heldTasks } from "./questions/held-tasks.ts"
import { question as idleThread } from "./questions/idle-thread.ts"
import { question as remoteBuffered } from "./questions/remote-buffered.ts"
import { question as remoteUnbuffered } from "./questions/remote-unbuffered.ts"
import { question as sharedPingPong } from "./questions/shared-ping-pong.ts"
import { question as taskCrossover } from "./questions/task-crossover.ts"
import { question as taskDelay } from "./questions/task-delay.ts"
import { question as taskMillion } from "./questions/task-million.ts"
import { question as threadStart } from "./questions/thread-start.ts"
import { question as atomicCounter } from "./questions/atomic-counter.ts"
import { question as buffered } from "./questions/buffered.ts"
import { question as cancelTree } from "./questions/cancel-tree.ts"
import { question as explore } from "./questions/explore.ts"
import { question as fanIn } from "./questions/fan-in.ts"
import { question as mutex } from "./questions/mutex.ts"
import { question as mutexContended } from "./questions/mutex-contended.ts"
import { question as mutexMixed } from "./questions/mutex-mixed.ts"
import { question as parked } from "./questions/parked.ts"
import { question as pingPong } from "./questions/ping-pong.ts"
import { question as hashShort } from "./questions/hash-100us.ts"
import { question as hashLong } from "./questions/hash-1ms.ts"
import { question as parseShort } from "./questions/parse-100us.ts"
import { question as parseLong } from "./questions/parse-1ms.ts"
import { question as ring } from "./questions/ring.ts"
import { question as rowsShort } from "./questions/rows-100us.ts"
import { question as rowsLong } from "./questions/rows-1ms.ts"
import { question as rowsSkewed } from "./questions/rows-skewed.ts"
import { question as select2 } from "./questions/select-2.ts"
import { question as select64 } from "./questions/select-64.ts"
import { question as select8 } from "./questions/select-8.ts"
import { question as semaphore } from "./questions/semaphore.ts"
import { question as semaphoreContended } from "./questions/semaphore-contended.ts"
import { question as sharedBatch } from "./questions/shared-batch.ts"
import { question as sharedChannel } from "./questions/shared-channel.ts"
import { question as sharedMutex } from "./questions/shared-mutex.ts"
import { question as sharedMutexPair } from "./questions/shared-mutex-pair.ts"
import { question as sieve } from "./questions/sieve.ts"
import { question as spawn1000 } from "./questions/spawn-1000.ts"
import { question as spawnJoin } from "./questions/spawn-join.ts"
import { question as stream } from "./questions/stream.ts"
import { question as taskFlood } from "./questions/task-flood.ts"
import { question as taskLatency } from "./questions/task-latency.ts"
import { question as taskMegabyte } from "./questions/task-megabyte.ts"
import { question as taskRecord } from "./questions/task-record.ts"
import { question as taskThousand } from "./questions/task-thousand.ts"
import { question as taskTransfer } from "./questions/task-transfer.ts"
import { question as timers } from "./questions/timers.ts"
import { question as trySelect } from "./questions/try-select.ts"

export const questions: ReadonlyArray<Question> = [
  pingPong,
  stream,
  buffered,
  fanIn,
  ring,
  spawnJoin,
  spawn1000,
  select2,
  select8,
  select64,
  trySelect,
  timers,
  cancelTree,
  sieve,
  mutex,
  mutexContended,
  mutexMixed,
  semaphore,
  semaphoreContended,
  atomicCounter,
  sharedMutex,
  sharedMutexPair,
  sharedChannel,
  sharedBatch,
  explore,
  parked,
  taskFlood,
  taskThousand,
  taskLatency,
  taskRecord,
  taskMegabyte,
  taskTransfer,
  rowsLong,
  rowsShort,
  rowsSkewed,
  hashLong,
  hashShort,
  parseLong,
  parseShort,
  taskCrossover,
  taskDelay,
  taskMillion,
  heldTasks,
  threadStart,
  idleThread,
  remoteBuffered,
  remoteUnbuffered,
  sharedPingPong,
]
