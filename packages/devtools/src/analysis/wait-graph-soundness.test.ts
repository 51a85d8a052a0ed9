import { describe, expect, it } from "vitest"
import { aDump, aThread } from "../../test/cli/dumps.ts"
import { LockWorld } from "../../test/cli/lock-world.ts"
import type { GoroutineDump, ProcessDump } from "../format/dump.ts"
import { waitGraph } from "./wait-graph.ts"

const worlds = 3000

/** Looks at one goroutine after the other, while the world runs on in between. */
function dumpWhileItRuns(world: LockWorld, stepsBetween: number): ProcessDump {
  const began = world.now
  const goroutines: Array<GoroutineDump> = []
  for (const actor of world.actors) {
    for (let i = 0; i < stepsBetween; i++) world.step()
    const dump = world.dumpOf(actor)
    if (dump !== undefined) goroutines.push(dump)
  }
  return aDump([], [], { tookMillis: world.now - began, threads: [aThread(goroutines, world.locks)] })
}

const stuckIn = (dump: ProcessDump) =>
  waitGraph(dump)
    .nodes.filter((node) => node.outlook === "stuck")
    .map((node) => node.goroutine.id)

describe("waitGraph, of a dump that was taken while the program ran", () => {
  it.each([0, 1, 3])("never takes for stuck who acts later, with %d steps between two looks", (stepsBetween) => {
    let alarms = 0
    for (let seed = 0; seed < worlds; seed++) {
      const world = new LockWorld(seed)
      for (let i = 0; i < seed % 100; i++) world.step()
      const stuck = new Set(stuckIn(dumpWhileItRuns(world, stepsBetween)))
      alarms += stuck.size
      for (let i = 0; i < 200; i++) {
        const acted = world.step()
        if (acted !== undefined && stuck.has(acted))
          throw new Error(`seed ${seed}: goroutine ${acted} was said to be stuck`)
      }
    }
    // Or the law would hold by silence.
    expect(alarms).toBeGreaterThan(100)
  })

  it("finds everybody who waits in a ring or behind one, once the dump takes less than they have waited", () => {
    let found = 0
    for (let seed = 0; seed < worlds; seed++) {
      const world = new LockWorld(seed)
      for (let i = 0; i < 300; i++) world.step()
      const stuck = world.actors.filter((actor) => world.isInRing(actor)).map((actor) => actor.id)
      expect({ seed, stuck: stuckIn(dumpWhileItRuns(world, 0)) }).toEqual({ seed, stuck })
      found += stuck.length
    }
    expect(found).toBeGreaterThan(100)
  })
})
