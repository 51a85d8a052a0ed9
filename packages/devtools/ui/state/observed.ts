/** What the page knows: of the process, and of a trace. What was seen stays when the process ends. */
import type { ProcessDump } from "../../src/format/dump.ts"
import type { ProcessLeaks } from "../../src/format/leaks.ts"
import type { ProcessStats } from "../../src/format/stats.ts"
import type { Meta } from "../../src/web/api.ts"
import { findLeaks, getDump, getMeta, RequestError } from "../api/client.ts"
import { followStats } from "../api/stats-stream.ts"
import { DumpModel } from "../model/dump-model.ts"
import { plural } from "../model/figures.ts"
import { Cell } from "./cell.ts"

/** What is fetched: not asked for, on its way, there, or why not. What was there before stays meanwhile. */
export interface Fetched<T> {
  readonly value?: T
  readonly at?: number
  readonly isPending: boolean
  readonly error?: string
}

export type Connection =
  | { readonly is: "connecting" | "live" | "file" }
  | { readonly is: "pages"; readonly connected: number }
  /** "weftless": it is asked again and again, and may load Weft later. */
  | { readonly is: "weftless" | "lost" | "ended" | "refused"; readonly why: string }

/** `at`: this page's clock. */
export interface Sample {
  readonly at: number
  readonly stats: ProcessStats
}

const SAMPLES_KEPT = 600
/** Milliseconds. */
const RENEWED_AFTER = 5000
/** A dump may take one part in so many of the time. */
const DUMP_SHARE = 200

export const connection: Cell<Connection> = new Cell<Connection>({ is: "connecting" })
export const meta: Cell<Meta | undefined> = new Cell<Meta | undefined>(undefined)
export const samples: Cell<ReadonlyArray<Sample>> = new Cell<ReadonlyArray<Sample>>([])
export const dump: Cell<Fetched<DumpModel>> = new Cell<Fetched<DumpModel>>({ isPending: false })
export const leaks: Cell<Fetched<ProcessLeaks>> = new Cell<Fetched<ProcessLeaks>>({ isPending: false })

let following: AbortController | undefined

/** Again after a token was given. */
export async function connect(): Promise<void> {
  following?.abort()
  following = new AbortController()
  try {
    const found = await getMeta()
    meta.set(found)
    showTitle(found.title)
    if (found.source === "file") return connection.set({ is: "file" })
    if (found.source === "pages") return showPages(0)
    if (found.ended !== undefined) connection.set({ is: "ended", why: found.ended })
    let refusals = 0
    followStats(
      {
        onStats: (stats) => {
          refusals = 0
          // The first dump was refused then.
          if (connection.value.is === "weftless") refreshDump()
          connection.set({ is: "live" })
          samples.set([...samples.value.slice(1 - SAMPLES_KEPT), { at: Date.now(), stats }])
          renewDump()
        },
        onRefused: (reason) => {
          // Once is nothing: it may be about to load Weft, or to end.
          if (++refusals < 2 || samples.value.length > 0 || connection.value.is === "ended") return
          connection.set({ is: "weftless", why: reason.replace(/^weft: /, "") })
        },
        onEnded: (why) => connection.set({ is: "ended", why }),
        onLost: lost,
      },
      following.signal,
    )
    refreshDump()
  } catch (error) {
    lost(error)
  }
}

/** How many there are, as soon as one comes or goes. */
export function showPages(connected: number): void {
  const { value } = connection
  if (value.is === "pages" && value.connected === connected) return
  connection.set({ is: "pages", connected })
  showTitle(connected === 0 ? "Waiting for pages" : plural(connected, "page"))
}

const showTitle = (title: string): void => void (document.title = `${title} · Weft`)

export const refreshDump = (): void =>
  void fetched(dump, async () => DumpModel.of((await getDump()) satisfies ProcessDump))
/** Now and then, so that what is said of the process is true: the longer a dump takes, the less often. */
function renewDump(): void {
  const { at, value } = dump.value
  if (value === undefined || at === undefined) return
  if (Date.now() - at > Math.max(RENEWED_AFTER, DUMP_SHARE * value.dump.tookMillis)) refreshDump()
}

/** And then a new dump: whoever leaked is gone. */
export const checkLeaks = (): void => void fetched(leaks, findLeaks).then(refreshDump)

async function fetched<T>(cell: Cell<Fetched<T>>, fetch: () => Promise<T>): Promise<void> {
  if (cell.value.isPending || meta.value?.source === "file") return
  const { value, at } = cell.value
  const before = { ...(value === undefined ? {} : { value }), ...(at === undefined ? {} : { at }) }
  cell.set({ ...before, isPending: true })
  try {
    cell.set({ value: await fetch(), at: Date.now(), isPending: false })
  } catch (error) {
    cell.set({ ...before, isPending: false, error: messageOf(error) })
  }
}

function lost(error: unknown): void {
  if (error instanceof RequestError && error.status === 401) connection.set({ is: "refused", why: error.message })
  else if (connection.value.is !== "ended") connection.set({ is: "lost", why: messageOf(error) })
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
