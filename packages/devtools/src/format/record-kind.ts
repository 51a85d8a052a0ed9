/**
 * A trace as the threads write it: records of two little-endian Int32 words.
 *
 *   word 0   bits 0..4 kind, bits 5..31 `arg` (27 bits, unsigned)
 *   word 1   `id`: a goroutine's number, an object's, or a quantity
 *
 * Numbers of goroutines, objects and strings belong to one thread. Time stands in records of its own: what follows a `Clock` happened at that time or later, and
 * before the next one. While records are further apart than a few microseconds each has its own; where a program switches faster, reading the clock would
 * cost more than what is recorded, so there several share one (`recorder.ts`).
 *
 * A goroutine runs from `Start` to the next `Park`, `Yield` or `End`; what stands between is done by it.
 */
export const RecordKind = {
  /** Filler. */
  None: 0,
  /** Nanoseconds since the thread's zero: `arg * 2 ** 32 + id`, `id` unsigned. */
  Clock: 1,
  /** A goroutine `id` was created; `arg` is the string with its name. `CreatedBy` follows at once. */
  Create: 2,
  /** Of the goroutine in the record before: `id` is its parent (0: none), `arg` the string that says where it was started (0: not known). */
  CreatedBy: 3,
  /** Goroutine `id` runs. */
  Start: 4,
  /** The running goroutine waits: `arg` is the string with the reason, `id` the object it waits on (0: not known, or several). */
  Park: 5,
  /** After `Park`: one of several objects waited on. `arg` counts them from 0. */
  ParkAlso: 6,
  /** Goroutine `id` was woken: by the running one (`arg` 0), or from outside: timer, promise, I/O, another thread (`arg` 1). */
  Unpark: 7,
  /** The running goroutine gave way, runnable. */
  Yield: 8,
  /** The running goroutine ended; `arg`: 0 returned, 1 failed, 2 panicked, 3 interrupted. */
  End: 9,
  /** The slice is over: the host's event loop has its turn. `arg` 1: goroutines are left runnable. */
  Idle: 10,
  /** The running goroutine begins an op: `arg` is the string with its name, `id` its object. Only where ops are recorded. */
  Op: 11,
  /** The channel `id` holds `arg` values. */
  Level: 12,
  /** The running goroutine enters, or leaves, a region of its user's: `arg` is the string with its name, `id` the region's number. */
  RegionBegin: 13,
  RegionEnd: 14,
  /** The running goroutine says the string `arg`. */
  Log: 15,
  /**
   * A garbage collection of `id` microseconds has ended. `arg`: bits 0..7 the kind (1 scavenge, 2 minor mark-sweep, 4 major, 8 incremental, 16 weak callbacks), the
   * rest how many microseconds ago it ended, as the host tells of it later.
   */
  Gc: 16,
  /** The event loop was `id` microseconds late. */
  LoopDelay: 17,
  /** All goroutines are asleep. */
  Deadlock: 18,
  /** Goroutine `id` panicked; the string `arg` says with what. */
  Panic: 19,
  /**
   * The value with the number `id` (`ValuesFrame`). `arg`: bit 0 is set where it was received, else it was sent; bit 1 where whoever the next `Unpark` wakes did so, else
   * the running goroutine; the rest is the object (0: not known). Only where values are recorded: of each op if ops are, otherwise of those that waited.
   */
  Value: 20,
} as const

export type RecordKind = (typeof RecordKind)[keyof typeof RecordKind]

/** How goroutines end, by the `arg` of `End`. */
export const endings = ["returned", "failed", "panicked", "interrupted"] as const
