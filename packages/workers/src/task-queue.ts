/**
 * TaskQueue: the pool's global queue: tasks that no thread has yet.
 *
 * The highest priority first; within one, the goroutines that spawn take turns, so that one that spawns a million does not keep the others waiting; the
 * tasks of each in order.
 *
 * Invariants:
 *   1. Exactly the lanes that hold a call stand in their level's turns, and exactly the levels that hold a lane in the queue.
 *   2. A call that is withdrawn, or taken to run here, leaves at once.
 */
import type { Call, RunOfCall } from "./call.ts"
import { type Member, Row } from "./row.ts"

/** The calls of one goroutine. */
class Lane implements Member<Lane> {
  readonly producer: number
  readonly calls = new Row<Call>()
  before: Lane | null = null
  behind: Lane | null = null

  constructor(producer: number) {
    this.producer = producer
  }
}

/** The calls of one priority. */
class Level {
  readonly priority: number
  readonly lanes = new Map<number, Lane>()
  readonly turns = new Row<Lane>()
  /** The lane used last: floods come from one goroutine. */
  recent: Lane | undefined

  constructor(priority: number) {
    this.priority = priority
  }
}

export class TaskQueue {
  /** By priority, the highest first. */
  readonly #levels: Array<Level> = []
  #length = 0
  /** How many may run in the pool's own thread. */
  #inline = 0

  get length(): number {
    return this.#length
  }

  push(call: Call): void {
    this.#laneFor(call).calls.push(call)
    this.#counts(call, 1)
  }

  /** Back to the front: it was there before. */
  putBack(call: Call): void {
    this.#laneFor(call).calls.unshift(call)
    this.#counts(call, 1)
  }

  /** One that stands in it. */
  remove(call: Call): void {
    const level = this.#levelOf(call)!
    const lane = level.lanes.get(call.producer)!
    lane.calls.remove(call)
    this.#counts(call, -1)
    if (lane.calls.length > 0) return
    level.turns.remove(lane)
    this.#leaves(lane, level)
  }

  /** The one that `shift` gives. */
  get first(): Call | undefined {
    return this.#levels[0]?.turns.first?.calls.first ?? undefined
  }

  shift(): Call | undefined {
    // By index: destructuring an array makes an iterator, for each task.
    const level = this.#levels[0]
    const lane = level?.turns.shift()
    if (level === undefined || lane === undefined) return undefined
    const call = lane.calls.shift()!
    this.#counts(call, -1)
    if (lane.calls.length > 0) level.turns.push(lane)
    else this.#leaves(lane, level)
    return call
  }

  /** The first of `run` that may run in the pool's own thread. */
  takeInline(run: RunOfCall): Call | undefined {
    if (this.#inline === 0) return undefined
    for (const { lanes } of this.#levels)
      for (const { calls } of lanes.values()) {
        const call = calls.find((each) => each.run === run && !each.isMoved)
        if (call === undefined) continue
        this.remove(call)
        return call
      }
    return undefined
  }

  #counts(call: Call, n: number): void {
    this.#length += n
    if (call.run !== null) this.#inline += n
  }

  /** An emptied lane, which has no turn any more. */
  #leaves(lane: Lane, level: Level): void {
    level.lanes.delete(lane.producer)
    if (level.recent === lane) level.recent = undefined
    if (level.lanes.size === 0) this.#levels.splice(this.#levels.indexOf(level), 1)
  }

  #laneFor(call: Call): Lane {
    const level = this.#levelOf(call) ?? this.#addLevel(call.options.priority ?? 0)
    const { recent } = level
    if (recent !== undefined && recent.producer === call.producer) return recent
    let lane = level.lanes.get(call.producer)
    if (lane === undefined) {
      lane = new Lane(call.producer)
      level.lanes.set(call.producer, lane)
      level.turns.push(lane)
    }
    level.recent = lane
    return lane
  }

  #levelOf({ options }: Call): Level | undefined {
    const priority = options.priority ?? 0
    const top = this.#levels[0]
    return top?.priority === priority ? top : this.#levels.find((level) => level.priority === priority)
  }

  #addLevel(priority: number): Level {
    const level = new Level(priority)
    const at = this.#levels.findIndex((other) => other.priority < priority)
    this.#levels.splice(at < 0 ? this.#levels.length : at, 0, level)
    return level
  }
}
