import workerpool from "workerpool"
import { work } from "../../threads/work.ts"

workerpool.worker({ ...work, passBack: (bytes: Uint8Array) => new workerpool.Transfer(bytes, [bytes.buffer]) })
