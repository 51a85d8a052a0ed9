/** A channel with room for 128 that a task is given, which sends numbers; a batch is one number. */
import {
  throughChannel,
  throughComlink,
  throughMessages,
  throughMultithreading,
  throughSharedChannel,
} from "../channel-question.ts"
import { maskedSum, type TimeQuestion } from "../question.ts"
import { noThreads } from "../tasks-question.ts"

const capacity = 128

export const question: TimeQuestion = {
  name: "remote-buffered",
  title: "Channel given to a task, room for 128",
  measures: "time",
  table: "threads",
  operation: "number",
  operations: 1,
  threads: 2,
  target: { advantage: { bare: 0.5, comlink: 4, multithreading: 4 } },
  notInGo: "see shared-channel",
  missing: noThreads,
  remarks: { bare: "postMessage, without anything that holds the sender back", comlink: "128 calls at once" },
  checksum: maskedSum,
  weft: throughChannel(capacity),
  rivals: {
    bare: throughMessages(Infinity),
    comlink: throughComlink(capacity),
    multithreading: throughMultithreading(capacity),
    "shared-chan": throughSharedChannel(capacity),
  },
}
