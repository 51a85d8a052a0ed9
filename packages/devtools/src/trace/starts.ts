import type { GoroutineColumns } from "./thread-timeline.ts"
import type { Timeline } from "./timeline.ts"

/** Goroutines of one name that were started at one place. */
export interface Start {
  readonly name: string
  /** Where: "" if not known. */
  readonly site: string
}

/** "worker (jobs.ts:17:5)" */
export function startText({ name, site }: Start): string {
  const called = name === "" ? "goroutine" : name
  return site === "" ? called : `${called} (${site})`
}

export interface Starts {
  readonly list: ReadonlyArray<Start>
  /** For each thread of the timeline, of each goroutine's row: its index in `list`. */
  readonly of: ReadonlyArray<Int32Array>
}

/** Groups the goroutines of all threads by where they came from. */
export function startsOf({ threads, texts }: Timeline): Starts {
  const list: Array<Start> = []
  const indices = new Map<number, number>()
  const of = threads.map(({ goroutines }) => {
    const group = new Int32Array(goroutines.length)
    for (let row = 0; row < goroutines.length; row++) {
      // Exact: texts are far fewer than 2 ** 25.
      const key = (goroutines.name[row]! * 2 ** 25 + goroutines.site[row]!) * 2 + goroutines.isMain[row]!
      let index = indices.get(key)
      if (index === undefined) {
        index = list.length
        list.push(startOf(goroutines, row, texts))
        indices.set(key, index)
      }
      group[row] = index
    }
    return group
  })
  return { list, of }
}

/** Where a goroutine came from. */
export function startOf({ name, site, isMain }: GoroutineColumns, row: number, texts: ReadonlyArray<string>): Start {
  const isNamelessMain = isMain[row] === 1 && name[row] === 0
  return { name: isNamelessMain ? "main" : (texts[name[row]!] ?? ""), site: texts[site[row]!] ?? "" }
}
