/** Threads that are terminated wherever they are: the others go on once somebody has said so. */
import {
  type SharedHandle,
  SharedBarrier,
  SharedCond,
  SharedMutex,
  SharedOnce,
  SharedRWMutex,
  SharedSemaphore,
  SharedWaitGroup,
} from "@weft/sync"
import { describe, expect, it } from "vitest"
import { baseSeed, schedules as longer } from "../../../core/test/support/soak.ts"
import { Threads } from "../../../core/test/support/threads.node.ts"
import {
  type countUpAndDown,
  type doAll,
  Made,
  type meet,
  Producers,
  type signal,
  Taken,
  type usePermits,
  type Work,
  type writePairs,
} from "./dying.node.ts"
import { chance, onceBytes } from "./laws.node.ts"

const module = new URL("./dying.node.ts", import.meta.url)

const words = (n: number): Int32Array<SharedArrayBuffer> => new Int32Array(new SharedArrayBuffer(4 * n))
const seeds = Array.from({ length: longer(2) }, (_, i) => baseSeed() + i)

/** The counter, which only its memory tells. */
function countOf(group: SharedWaitGroup): number {
  const { buffer, offset } = group.share()
  return Atomics.load(new Int32Array(buffer, offset), 1) & 0xfffff
}

type Program<D> = (data: D, index: number) => Promise<unknown>

/**
 * Runs `name` on so many threads of which the first `mortals` are terminated one after the other, each after a number by chance of rounds more.
 * `died` is told the number of each, as by whoever sees a thread end; `inTheirStead` is called once all have. Answers how often something was
 * found half done.
 */
async function kill<D extends Work>(
  name: string,
  dataFor: (survivors: number) => Omit<D, Exclude<keyof Work, "times">>,
  seed: number,
  died: (thread: number) => void,
  inTheirStead: (survivors: number) => Promise<void> = () => Promise.resolve(),
): Promise<number> {
  const random = chance(seed)
  const [mortals, survivors] = [1 + random(3), 1 + random(3)]
  const progress = words(4)
  const all = { goroutines: 2, mortals, progress, ...dataFor(survivors) } as unknown as D
  await using threads = new Threads<Program<D>>(mortals + survivors, module, name, all)
  const numbers = threads.workers.map(({ threadId }) => threadId + 1)
  for (let i = 0; i < mortals; i++) {
    // The first where it holds a lock, if it says so; then nobody goes on.
    const enough = Atomics.load(progress, 0) + 1 + random(500)
    const isDue = (): boolean =>
      name === "writePairs" && i === 0 ? Atomics.load(progress, 3) === 1 : Atomics.load(progress, 0) >= enough
    while (!isDue()) await new Promise(setImmediate)
    await threads.terminate(i)
    died(numbers[i]!)
  }
  Atomics.store(progress, 1, 1)
  await inTheirStead(survivors)
  await Promise.all(threads.results.slice(mortals))
  return progress[2]!
}

const terminated = (seed: number) => {
  it.each([
    ["mutex", () => new SharedMutex()],
    ["RWMutex", () => new SharedRWMutex()],
  ] as const)("leave a %s that the others recover, mend what it guards, and go on", async (_, make) => {
    const lock = make()
    const pair = words(2)
    const data = { times: 300, lock: lock.share() as SharedHandle<"SharedMutex">, words: pair }
    const mended = await kill<Parameters<typeof writePairs>[0]>(
      "writePairs",
      () => data,
      seed,
      (thread) => lock.threadDied(thread),
    )
    expect([lock.locked, pair[0]]).toEqual([false, pair[1]])
    expect(mended).toBeGreaterThan(0)
  })

  it("take no more of a semaphore with them than they held", async () => {
    const semaphore = new SharedSemaphore(8)
    const data = { times: 300, semaphore: semaphore.share() }
    await kill<Parameters<typeof usePermits>[0]>(
      "usePermits",
      () => data,
      seed,
      (thread) => semaphore.threadDied(thread),
    )
    // At most three threads, of two goroutines.
    expect(semaphore.free).toBeGreaterThanOrEqual(8 - 6)
  })

  it("leave what they did once to be done by others", async () => {
    const n = 300
    const onces = new SharedArrayBuffer(n * onceBytes)
    const all = Array.from({ length: n }, (_, i) => SharedOnce.at(onces, onceBytes * i))
    const ended = words(n)
    await kill<Parameters<typeof doAll>[0]>(
      "doAll",
      () => ({ times: n, onces, ended }),
      seed,
      (thread) => {
        for (const once of all) once.threadDied(thread)
      },
    )
    expect(all.every((once) => once.done)).toBe(true)
    expect(ended.every((times) => times > 0)).toBe(true)
  })

  it("leave a barrier where they had arrived, so that the others' round needs one fewer", async () => {
    const barrier = new SharedBarrier(2)
    const met = words(2)
    const dataFor = (survivors: number) => {
      const unfinished = new SharedWaitGroup()
      unfinished.add(2 * survivors)
      return { times: 300, barrier: barrier.share(), unfinished: unfinished.share(), met }
    }
    await kill<Parameters<typeof meet>[0]>("meet", dataFor, seed, (thread) => barrier.threadDied(thread))
    // As many others as there were last ones, but for those who were terminated before they could say it: one goroutine of each.
    expect(Math.abs(met[0]! - met[1]!)).toBeLessThanOrEqual(2 * 3)
    expect(met[0]).toBeGreaterThan(300)
    // Nobody is left; an arrival of one who was terminated makes the next one the last.
    const { waiting } = barrier
    expect(waiting).toBeLessThanOrEqual(1)
    if (waiting === 1) expect(await barrier.wait().promise()).toBe(1)
  })

  it("leave a WaitGroup what they had counted, until somebody gives it back in their stead", async () => {
    const group = new SharedWaitGroup()
    const ended = words(1)
    const giveBack = async (survivors: number) => {
      while (Atomics.load(ended, 0) < survivors) await new Promise(setImmediate)
      const left = countOf(group)
      // The one goroutine of each thread that counts, of at most three.
      expect(left).toBeLessThanOrEqual(3)
      group.add(-left)
    }
    const data = { times: 300, group: group.share(), ended }
    await kill<Parameters<typeof countUpAndDown>[0]>(
      "countUpAndDown",
      () => data,
      seed,
      (thread) => group.threadDied(thread),
      giveBack,
    )
    expect(countOf(group)).toBe(0)
  })

  it("take no signal with them for good", async () => {
    const mutex = new SharedMutex()
    const cond = new SharedCond(mutex)
    const items = words(4)
    const dataFor = (survivors: number) => {
      items[Producers] = survivors
      return { times: 300, mutex: mutex.share(), cond: cond.share(), items }
    }
    await kill<Parameters<typeof signal>[0]>("signal", dataFor, seed, (thread) => {
      mutex.threadDied(thread)
      cond.threadDied(thread)
    })
    expect([items[Taken], items[Producers]]).toEqual([items[Made], 0])
  })
}

describe.each(seeds.slice(0, 1))("threads that are terminated, by seed %d", terminated)
describe.each(seeds.slice(1))("threads that are terminated, by seed %d", { tags: "long" }, terminated)
