import { taskFrom } from "../load-task.ts"
import { type Carried, type CarriedCond, mark, Packer, unpack } from "./carrier.ts"
import { condFrom, sharedFrom } from "./shared.ts"
import { type CarriedThrow, carryPartsBy, unpackError } from "./error.ts"
import { channelFrom } from "../channels/carry-channel.ts"
import { carryBy } from "../channels/payload.ts"
import { valueSent } from "../not-cloneable.ts"

/** Makes again what a value brought along; `others` makes what belongs to one link. */
export function unpackValue(value: unknown, others: (carried: Carried) => unknown): unknown {
  return unpack(value, (carried, again) => {
    switch (carried[mark]) {
      case "shared":
        return sharedFrom(carried.what)
      case "cond": {
        const { handle, locker } = carried.what as CarriedCond
        return condFrom(again(locker), handle)
      }
      case "task":
        return taskFrom(carried.what)
      case "error":
        return unpackError(carried.what as CarriedThrow, undefined)
      case "channel":
        return channelFrom(carried.what)
      default:
        return others(carried)
    }
  })
}

carryBy({
  pack(value, to) {
    const packer = new Packer(undefined, to)
    const { isCarried, value: packed } = packer.pack(value, valueSent)
    return { value: packed, isCarried, transfer: packer.transfer, release: () => packer.release() }
  },
  unpack: (value) => unpackValue(value, () => undefined),
})

carryPartsBy({
  pack(value) {
    const packer = new Packer("error", undefined)
    try {
      const packed = packer.pack(value, "it")
      // A clone shows whether it can go, and is it as it is now: what throws goes on, and what it throws waits for other results.
      if (packer.isAlone)
        return typeof packed.value === "object" ? { ...packed, value: structuredClone(packed.value) } : packed
    } catch {
      // What can't go is left out: the rest of the error tells more than that.
    }
    packer.release()
    return undefined
  },
  unpack(value) {
    try {
      return unpackValue(value, () => undefined)
    } catch {
      // Nor what can't be made again, which must not stop whoever takes messages.
      return undefined
    }
  },
})
