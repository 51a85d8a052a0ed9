/**
 * Payload: how values go with a channel's messages. They may hold channels in their turn, so `carry/` imports this folder, and says here how it is
 * done; this folder does not import `carry/`.
 */

import { messageOf } from "../not-cloneable.ts"

/** A value made ready for a message. */
export interface Sending {
  readonly value: unknown
  readonly isCarried: boolean
  readonly transfer: ReadonlyArray<object>
  /** It did not go after all. */
  release(): void
}

interface Carrying {
  readonly pack: (value: unknown, to: number) => Sending
  readonly unpack: (value: unknown) => unknown
}

let carrying: Carrying | undefined

/** Before the first message. */
export function carryBy(it: Carrying): void {
  carrying = it
}

/** For thread `to`. */
export const pack = (value: unknown, to: number): Sending => carrying!.pack(value, to)

/** What can't be made again here. It fails who was to have it, and not who takes messages: those of others come with them. */
export class Unmade {
  readonly why: string

  constructor(why: string) {
    this.why = why
  }
}

/** The value that lies in a message at `at`, followed by whether something in it has to be made again; or {@link Unmade}. */
export function unpacked(entry: ReadonlyArray<unknown>, at: number): unknown {
  if (entry[at + 1] !== true) return entry[at]
  try {
    return carrying!.unpack(entry[at])
  } catch (error) {
    return new Unmade(messageOf(error))
  }
}
