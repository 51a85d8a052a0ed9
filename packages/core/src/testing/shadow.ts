import { accessed, made } from "../accessed.ts"
import type { Goroutine } from "../goroutine.ts"
import { current } from "../processor.ts"
import { ownFrames } from "../start-site.ts"
import { ExploredProcessor } from "./explored-processor.ts"
import { VectorClocks } from "./vector-clocks.ts"

interface Access {
  readonly goroutine: Goroutine
  readonly time: number
  readonly isWrite: boolean
  readonly where: string
}

/**
 * A plain variable whose accesses an exploration watches: two of them by different goroutines, of which one writes, must be ordered by
 * something that synchronises (a channel, a lock, a WaitGroup, a join). Otherwise the schedule fails with {@link DataRace}, whether or not
 * the values came out right in it.
 *
 * Outside an exploration it is a variable and nothing else.
 *
 * Code between two `yield*` is atomic in JavaScript, so `counter.value++` alone loses nothing. It still races: whoever reads the variable can't
 * know what he gets.
 *
 * @example
 * const counter = shadow(0)
 * go(function* () { yield* mu.lock(); counter.value++; mu.unlock() })
 *
 * @see Go: the race detector
 * @since 0.1.0
 */
export function shadow<T>(initial: T): Shadow<T> {
  return new Shadow(initial)
}

/** What {@link shadow} gives. @since 0.1.0 */
export class Shadow<in out T> {
  #value: T
  #lastWrite: Access | undefined = undefined
  /** The last read of each goroutine since the last write. */
  #reads: Array<Access> = []
  /** The schedule's, in which these were. */
  #clocks: VectorClocks | null = null

  /** Only `shadow` makes them. */
  constructor(initial: T) {
    this.#value = initial
    made(this)
  }

  get value(): T {
    this.#access(false)
    return this.#value
  }

  set value(value: T) {
    this.#access(true)
    this.#value = value
  }

  #access(isWrite: boolean): void {
    const processor = current
    const goroutine = processor.current
    if (!(processor instanceof ExploredProcessor) || goroutine === null) return
    // In time: what orders two accesses comes after the first of them.
    const clocks = (processor.clocks ??= new VectorClocks())
    if (this.#clocks !== clocks) {
      this.#clocks = clocks
      this.#lastWrite = undefined
      this.#reads = []
    }
    const now: Access = { goroutine, time: clocks.timeOf(goroutine), isWrite, where: whereNow(processor) }
    const unordered = (access: Access | undefined): boolean =>
      access !== undefined &&
      access.goroutine !== goroutine &&
      !clocks.isBefore(access.goroutine, access.time, goroutine)
    const other = unordered(this.#lastWrite) ? this.#lastWrite : isWrite ? this.#reads.find(unordered) : undefined
    if (other !== undefined) processor.stop(new DataRace(describe(other), describe(now)))
    if (isWrite) {
      this.#lastWrite = now
      this.#reads = []
    } else this.#reads = [...this.#reads.filter((read) => read.goroutine !== goroutine), now]
    accessedUnordered(processor, this)
  }
}

/** The steps depend on each other, but a variable orders nobody. */
function accessedUnordered(processor: ExploredProcessor, variable: object): void {
  const { clocks } = processor
  processor.clocks = null
  accessed(variable)
  processor.clocks = clocks
}

/** A stack costs more than a step: only the schedule that is told is worth it. */
function whereNow(processor: ExploredProcessor): string {
  return processor.recorder === null ? "" : (ownFrames(new Error().stack ?? "")[0] ?? "")
}

function describe(access: Access): string {
  const { goroutine, isWrite, where } = access
  const name = goroutine.name === "" ? `goroutine ${goroutine.id}` : goroutine.name
  return `${isWrite ? "write" : "read"} by ${name}${where === "" ? "" : ` at ${where}`}`
}

/**
 * Two accesses to a {@link shadow} variable that nothing orders, at least one of them a write.
 *
 * @see Go: "WARNING: DATA RACE"
 * @since 0.1.0
 */
export class DataRace extends Error {
  override readonly name = "DataRace"
  declare readonly accesses: readonly [string, string]

  constructor(first: string, second: string) {
    super(
      `data race: ${first}, and ${second}, with nothing that orders them; guard the variable with a lock, or pass its value over a channel`,
    )
    this.accesses = [first, second]
  }
}
