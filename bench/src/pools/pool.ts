/** A rival's pool of threads, as the questions use it: each knows the functions of threads/work.ts by their names. */
import { availableParallelism } from "node:os"
import type { WorkName } from "../threads/work.ts"

/** As many threads for everyone. */
export const threads: number = availableParallelism()

export interface TaskPool {
  run(name: WorkName, argument: unknown): Promise<number>
  /** Gives the bytes away, and has them given back; undefined where the pool can't. */
  readonly passBack: ((bytes: Uint8Array) => Promise<Uint8Array>) | undefined
  end(): Promise<unknown>
}

/** Where the threads of rivals find the functions. */
export const threadFile = (name: string): URL => new URL(`./threads/${name}.ts`, import.meta.url)
