import type { Goroutine, Op } from "@weft/core"
import { RecordKind } from "../format/record-kind.ts"
import { lengthOf } from "./objects.ts"
import { argShift, Recorder } from "./recorder.ts"

/** Records every op besides, and how full channels are. A class of its own: core takes ops the slow way where there is a hook for them at all. */
export class OpRecorder extends Recorder {
  op(_goroutine: Goroutine<unknown, unknown>, op: Op<unknown, unknown>): void {
    this.stamp()
    const on = op.on
    const isOne = on !== undefined && !Array.isArray(on)
    const number = isOne ? this.numberOf(on, op) : 0
    this.write(RecordKind.Op | (this.nameNumber(op.name) << argShift), number)
    if (!isOne || !this.isBuffered) return
    const length = lengthOf(on)
    if (length !== undefined) this.write(RecordKind.Level | (length << argShift), number)
  }
}
