/**
 * Question: one thing to measure, with a program for everyone who can answer it.
 *
 * Every program does the same work `batches` times and answers a checksum. The harness compares it with `checksum(batches)`, so a
 * contestant that loses a message, or skips work, fails instead of winning.
 */

/** Who runs in this process. Go runs in its own binary, under the question's name. */
export type Rival = "promises" | "effect" | "thi.ng" | "js-csp" | Specialist

/** Those who are asked only what they are for: nobody says why they have no other program. */
const named = [
  "async-mutex",
  "fast-check",
  "multithreading",
  "piscina",
  "piscina-async",
  "tinypool",
  "workerpool",
  "poolifier",
  "comlink",
  "bare",
  "here",
  "shared-chan",
  "by-1000",
  "by-10000",
  "by-100000",
] as const

type Specialist = (typeof named)[number]
export const specialists: ReadonlyArray<Rival> = named

/** Does the work `batches` times; answers the checksum. */
export type Program = (batches: number) => Promise<number>

/** Starts `count` goroutines that all wait, and calls `allParked` once they do. Need not return. */
export type ParkingProgram = (count: number, allParked: () => void) => Promise<unknown>

/** The most that Weft may cost. */
export interface Target {
  /** Times Go with GOMAXPROCS=1, or as many as the question has threads. */
  readonly toGo?: number
  /** Nanoseconds an operation, where nobody beside has the same. */
  readonly nanoseconds?: number
  /** Bytes of heap for one parked goroutine. */
  readonly bytes?: number
  /** Bytes of memory that the whole process may use at its peak. */
  readonly peak?: number
  /** How many times what Weft needs a rival has to need, where that is not `advantage` (verdict.ts). */
  readonly advantage?: Partial<Record<Rival, number>>
}

interface Described {
  /** Also the name of the Go subcommand, and of the file. */
  readonly name: string
  readonly title: string
  /** What one operation is: "round trip". */
  readonly operation: string
  readonly target: Target
  /** Of the packages as they are installed, and not of their sources. */
  readonly asPublished?: true
  /** In a table of its own, where everyone who answers has a line. */
  readonly table?: "threads"
  /** Why Go has no program. */
  readonly notInGo?: string
  /** Why a rival has no program. Exactly those without one are listed. */
  readonly missing: Partial<Record<Rival, string>>
  /** What a reader must know about a rival's program that is not quite the same. */
  readonly remarks?: Partial<Record<Rival | "weft", string>>
}

export interface TimeQuestion extends Described {
  readonly measures: "time"
  /** Runs on so many threads: beside Go with as many processors, not one. */
  readonly threads?: number
  /** Operations in one batch. */
  readonly operations: number
  /** A hot loop: also measured in a process whose inline caches have seen every other question. */
  readonly hot?: boolean
  /** What takes time once and is no part of the question, before the first batch: starting a thread. */
  readonly prepare?: () => Promise<unknown>
  /** What is no part of the question after a sample: ending threads. */
  readonly tidy?: () => Promise<unknown>
  /** Nanoseconds that the program has read itself, where they are not those that it took. */
  readonly reading?: () => number
  /** What every program answers for so many batches. */
  checksum(batches: number): number
  readonly weft: Program
  /** The same work, committing one op again and again instead of making it anew. */
  readonly weftReused?: Program
  /** The same work, with a generator function made for each goroutine instead of one for all. */
  readonly weftClosure?: Program
  readonly rivals: Partial<Record<Rival, Program>>
}

export interface MemoryQuestion extends Described {
  readonly measures: "memory"
  /** Counts what the whole process holds, as threads have heaps of their own. */
  readonly inProcess?: boolean
  readonly count: number
  readonly quickCount: number
  readonly weft: ParkingProgram
  readonly weftClosure?: ParkingProgram
  readonly rivals: Partial<Record<Rival, ParkingProgram>>
}

/** It has the processors of all threads, so that they must not be asked which share this one had. */
export function isOnThreads(question: Question): boolean {
  return question.table === "threads"
}

export type Question = TimeQuestion | MemoryQuestion

/** The sum of `i & 1023` for i below `messages`: what a stream of masked integers adds up to. */
export function maskedSum(messages: number): number {
  const laps = Math.floor(messages / 1024)
  const rest = messages % 1024
  return laps * ((1023 * 1024) / 2) + ((rest - 1) * rest) / 2
}
