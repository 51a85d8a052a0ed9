import { parentPort } from "node:worker_threads"
import type { BareOrder } from "../bare.ts"
import { work } from "../../threads/work.ts"

parentPort!.on("message", ({ all, name }: BareOrder) => {
  const f = work[name] as (argument: unknown) => number
  let sum = 0
  for (const argument of all) sum += f(argument)
  parentPort!.postMessage(sum)
})
