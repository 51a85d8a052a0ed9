/**
 * Source maps of a page's scripts, fetched from where the page has them.
 *
 * The page says which scripts, and it is not to be trusted: only those of its own origin are asked for, without credentials, a few at a time, each once, and no more of each than a map can have.
 */
import type { TraceMap } from "@jridgewell/trace-mapping"
import { linkedMap, parseMap } from "../source-maps/find-source-map.ts"
import { SourceMaps } from "../source-maps/source-maps.ts"

const mostScripts = 2000
const mostBytes = 64 * 1024 * 1024
const fetchMillis = 5000
const atOnce = 8

export class PageSourceMaps extends SourceMaps {
  readonly #origin: string
  readonly #fetched = new Map<string, TraceMap | undefined>()
  readonly #underWay = new Map<string, Promise<void>>()

  constructor(origin: string) {
    super()
    this.#origin = origin
  }

  override async prepare(texts: Iterable<string>): Promise<void> {
    const wanted = new Set<string>()
    const awaited = new Set<Promise<void>>()
    for (const text of texts)
      for (const [place] of text.matchAll(placeInText)) {
        const url = scriptOf(place)
        if (url?.startsWith(`${this.#origin}/`) !== true) continue
        if (!this.#fetched.has(url)) wanted.add(url)
        const underWay = this.#underWay.get(url)
        if (underWay !== undefined) awaited.add(underWay)
      }
    const urls = [...wanted].slice(0, Math.max(0, mostScripts - this.#fetched.size))
    if (urls.length > 0) awaited.add(this.#fetchAll(urls))
    await Promise.all(awaited)
  }

  #fetchAll(urls: ReadonlyArray<string>): Promise<void> {
    // Also those that fail are asked for once.
    for (const url of urls) this.#fetched.set(url, undefined)
    const next = urls.values()
    const some = async () => {
      for (const url of next) this.#fetched.set(url, await this.#fetchMap(url))
    }
    const all = Promise.all(Array.from({ length: atOnce }, some)).then(() => {
      for (const url of urls) this.#underWay.delete(url)
    })
    for (const url of urls) this.#underWay.set(url, all)
    return all
  }

  /** Without the origin: "src/main.ts:12:3". */
  override shown(site: string): string {
    return site.replace(`${this.#origin}/`, "")
  }

  protected override placeOf(file: string): string {
    return `${file.replace(/\?.*$/, "")}.map`
  }

  protected override mapOf(file: string): TraceMap | undefined {
    return this.#fetched.get(file)
  }

  async #fetchMap(url: string): Promise<TraceMap | undefined> {
    try {
      const link = linkedMap(await fetchText(url), url)
      if (!(link instanceof URL)) return link
      return link.origin === this.#origin ? parseMap(await fetchText(link.href), link.href) : undefined
    } catch {
      // The place in the script is still true.
      return undefined
    }
  }
}

// As it stands in a stack: "http://localhost:5173/src/main.ts?t=1:12:3". In two steps, so that no text takes more than its length.
const placeInText = /https?:\/\/[^\s()]+/g
const scriptOf = (place: string): string | undefined => /^(.+):\d+:\d+$/.exec(place.slice(0, longestPlace))?.[1]
const longestPlace = 4000

async function fetchText(url: string): Promise<string> {
  const response = await fetch(url, {
    redirect: "error",
    credentials: "omit",
    signal: AbortSignal.timeout(fetchMillis),
  })
  if (!response.ok) throw new Error(`${response.status}`)
  const parts: Array<Uint8Array> = []
  let bytes = 0
  for await (const part of response.body!) {
    bytes += part.byteLength
    if (bytes > mostBytes) throw new Error("too long")
    parts.push(part)
  }
  return Buffer.concat(parts).toString()
}
