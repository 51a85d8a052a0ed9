/** Sequential models of the objects that tests of linearizability are about. */
import { type Model, thrown } from "@weft/core/testing"

export type QueueCall = readonly ["send", number] | readonly ["receive"]

/** First in, first out: a send waits while it holds `capacity` values, a receive while it holds none. */
export const queueOf = (capacity: number): Model<ReadonlyArray<number>, QueueCall, number | undefined> => ({
  initial: () => [],
  step: (values, call) => {
    if (call[0] === "send")
      return values.length < capacity ? { result: undefined, state: [...values, call[1]] } : undefined
    return values.length === 0 ? undefined : { result: values[0], state: values.slice(1) }
  },
})

export const unboundedQueue: Model<ReadonlyArray<number>, QueueCall, number | undefined> = queueOf(Infinity)

export type RegisterCall = readonly ["write", number] | readonly ["read"]

export const register: Model<number, RegisterCall, number | undefined> = {
  initial: () => 0,
  step: (value, call) => (call[0] === "read" ? { result: value, state: value } : { result: undefined, state: call[1] }),
}

export type StoreCall = readonly ["put", string, number] | readonly ["get", string]

/** A register for each key. */
export const store: Model<number | undefined, StoreCall, number | undefined> = {
  initial: () => undefined,
  step: (value, call) => (call[0] === "get" ? { result: value, state: value } : { result: undefined, state: call[2] }),
  partition: ([, key]) => key,
}

export type MutexCall = "lock" | "tryLock" | "unlock"

export const mutex: Model<"locked" | "unlocked", MutexCall, boolean | undefined> = {
  initial: () => "unlocked",
  step: (state, call) => {
    if (call === "unlock")
      return state === "locked"
        ? { result: undefined, state: "unlocked" }
        : { result: thrown("UnlockOfUnlocked"), state }
    if (state === "unlocked") return { result: call === "tryLock" ? true : undefined, state: "locked" }
    return call === "tryLock" ? { result: false, state } : undefined
  },
}

export type CounterCall = readonly ["add", number]

/** `add` gives the new value. */
export const counter: Model<number, CounterCall, number> = {
  initial: () => 0,
  step: (value, [, delta]) => ({ result: value + delta, state: value + delta }),
}
