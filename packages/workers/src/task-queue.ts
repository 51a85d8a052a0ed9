/**
 * TaskQueue: the pool's global queue: tasks that no thread has yet.
 *
 * The highest priority first; within one, the goroutines that spawn take turns, so that one that spawns a million does not keep the others waiting; the
 * tasks of each in order.
 *
 * Invariants:
 *   1. A lane stands in its level's turns while it holds a call; one that has been emptied otherwise leaves at its turn.
 *   2. length counts the calls that still wait. One that was withdrawn, or taken to run here, stays until its turn, and is skipped.
 */
import { type Call, Queued, type RunOfCall } from "./call.ts"
import { Deque } from "./deque.ts"

class Lane {
  readonly producer: number
  readonly calls = new Deque<Call>()

  constructor(producer: number) {
    this.producer = producer
  }
}

class Level {
  readonly priority: number
  readonly lanes = new Map<number, Lane>()
  readonly turns = new Deque<Lane>()
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

  get length(): number {
    return this.#length
  }

  push(call: Call): void {
    this.#laneFor(call).calls.push(call)
    this.#length++
  }

  /** Back to the front: it was there before. */
  putBack(call: Call): void {
    this.#laneFor(call).calls.unshift(call)
    this.#length++
  }

  /** Counts out a call that its goroutine has withdrawn. */
  withdrawn(): void {
    this.#length--
  }

  shift(): Call | undefined {
    for (const level of this.#levels) {
      for (let lane = level.turns.shift(); lane !== undefined; lane = level.turns.shift()) {
        const call = firstWanted(lane)
        if (lane.calls.length > 0) level.turns.push(lane)
        else {
          level.lanes.delete(lane.producer)
          if (level.recent === lane) level.recent = undefined
        }
        if (call === undefined) continue
        this.#length--
        return call
      }
    }
    return undefined
  }

  /** The first of `run` that may run in the pool's own thread. */
  takeInline(run: RunOfCall): Call | undefined {
    for (const { lanes } of this.#levels)
      for (const { calls } of lanes.values()) {
        const call = firstInline(calls, run)
        if (call === undefined) continue
        this.#length--
        return call
      }
    return undefined
  }

  #laneFor(call: Call): Lane {
    const level = this.#levelFor(call.options.priority ?? 0)
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

  #levelFor(priority: number): Level {
    const levels = this.#levels
    const [top] = levels
    if (top !== undefined && top.priority === priority) return top
    const found = levels.find((level) => level.priority === priority)
    if (found !== undefined) return found
    const level = new Level(priority)
    levels.push(level)
    levels.sort((a, b) => b.priority - a.priority)
    return level
  }
}

function firstWanted({ calls }: Lane): Call | undefined {
  for (let call = calls.shift(); call !== undefined; call = calls.shift()) if (isWaiting(call)) return call
  return undefined
}

/** Neither withdrawn nor taken from the middle. */
const isWaiting = (call: Call): boolean => call.isWanted && call.state === Queued

/** It stays where it is and is skipped at its turn, unless it is the first. */
function firstInline(calls: Deque<Call>, run: RunOfCall): Call | undefined {
  for (let call = calls.shift(); call !== undefined; call = calls.shift()) {
    if (!isWaiting(call)) continue
    if (mayRunHere(call, run)) return call
    calls.unshift(call)
    return calls.find((each) => isWaiting(each) && mayRunHere(each, run))
  }
  return undefined
}

const mayRunHere = (call: Call, run: RunOfCall): boolean => call.run === run && !call.isMoved
