/** `stream`, with room for 128 messages. */
import { maskedSum, type TimeQuestion } from "../question.ts"
import { streamEffect, streamJsCsp, streamPromises, streamThing, streamWeft } from "./stream.ts"

const capacity = 128

export const question: TimeQuestion = {
  name: "buffered",
  title: "Buffered stream (128)",
  measures: "time",
  operation: "message",
  operations: 1,
  hot: true,
  target: { toGo: 1.2 },
  missing: {},
  remarks: {
    "thi.ng": "a write resolves only when it is read, so a sender that awaits its writes never fills the buffer",
  },
  checksum: maskedSum,
  weft: (batches) => streamWeft(capacity, batches),
  rivals: {
    promises: (batches) => streamPromises(capacity, batches),
    effect: (batches) => streamEffect(capacity, batches),
    "thi.ng": (batches) => streamThing(capacity, batches),
    "js-csp": (batches) => streamJsCsp(capacity, batches),
  },
}
