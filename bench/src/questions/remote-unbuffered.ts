/** An unbuffered channel that a task is given, which sends numbers; a batch is one number. */
import {
  throughChannel,
  throughComlink,
  throughMessages,
  throughMultithreading,
  throughSharedChannel,
} from "../channel-question.ts"
import { maskedSum, type TimeQuestion } from "../question.ts"
import { noThreads } from "../tasks-question.ts"

export const question: TimeQuestion = {
  name: "remote-unbuffered",
  title: "Channel given to a task, unbuffered",
  measures: "time",
  table: "threads",
  operation: "number",
  operations: 1,
  threads: 2,
  target: { advantage: { bare: 1, comlink: 1, multithreading: 1 } },
  notInGo: "see shared-channel",
  missing: noThreads,
  remarks: {
    bare: "postMessage, and one back for each",
    comlink: "one call after the other",
    multithreading: "its smallest capacity is 1",
  },
  checksum: maskedSum,
  weft: throughChannel(0),
  rivals: {
    bare: throughMessages(1),
    comlink: throughComlink(1),
    multithreading: throughMultithreading(1),
    "shared-chan": throughSharedChannel(0),
  },
}
