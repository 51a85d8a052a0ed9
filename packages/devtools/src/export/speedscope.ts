import { parseSite } from "../source-maps/site.ts"
import { type Spent, spentByStart } from "../trace/spent.ts"
import { startText } from "../trace/starts.ts"
import type { Timeline } from "../trace/timeline.ts"

/** A file of speedscope.app, by its published schema. */
export interface SpeedscopeFile {
  readonly $schema: "https://www.speedscope.app/file-format-schema.json"
  readonly name: string
  readonly exporter: string
  readonly activeProfileIndex: number
  readonly shared: { readonly frames: ReadonlyArray<SpeedscopeFrame> }
  readonly profiles: ReadonlyArray<SpeedscopeProfile>
}

export interface SpeedscopeFrame {
  readonly name: string
  readonly file?: string
  readonly line?: number
  readonly col?: number
}

export interface SpeedscopeProfile {
  readonly type: "sampled"
  readonly name: string
  readonly unit: "nanoseconds"
  readonly startValue: number
  readonly endValue: number
  /** Stacks of indices of frames, the outermost first. */
  readonly samples: ReadonlyArray<ReadonlyArray<number>>
  readonly weights: ReadonlyArray<number>
}

/** Where time went, for speedscope: a profile each of waiting, running and runnable. */
export function speedscopeFile(timeline: Timeline): SpeedscopeFile {
  const frames = new Frames()
  const spent = spentByStart(timeline)
  const profiles = (["waiting", "running", "runnable"] as const).map((state) =>
    profileOf(
      state,
      spent.filter((each) => each.state === state),
      frames,
    ),
  )
  return {
    $schema: "https://www.speedscope.app/file-format-schema.json",
    name: timeline.meta?.title ?? "trace",
    exporter: "weft",
    activeProfileIndex: 0,
    shared: { frames: frames.list },
    profiles,
  }
}

function profileOf(name: string, spent: ReadonlyArray<Spent>, frames: Frames): SpeedscopeProfile {
  const weights = spent.map(({ nanos }) => Math.round(nanos))
  return {
    ...{ type: "sampled", name, unit: "nanoseconds", startValue: 0 },
    endValue: weights.reduce((sum, weight) => sum + weight, 0),
    samples: spent.map((each) => frames.stack(each)),
    weights,
  }
}

class Frames {
  readonly list: Array<SpeedscopeFrame> = []
  readonly #indices = new Map<string, number>()

  stack({ reason, state, ...start }: Spent): Array<number> {
    const outer = this.#index(startText(start), start.site)
    return state === "waiting" ? [outer, this.#index(reason === "" ? "waiting" : reason, "")] : [outer]
  }

  #index(name: string, place: string): number {
    const known = this.#indices.get(name)
    if (known !== undefined) return known
    const site = parseSite(place)
    this.#indices.set(name, this.list.length)
    return (
      this.list.push(site === undefined ? { name } : { name, file: site.file, line: site.line, col: site.column }) - 1
    )
  }
}
