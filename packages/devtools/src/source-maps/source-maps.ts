import { fileURLToPath } from "node:url"
import { originalPositionFor, type TraceMap } from "@jridgewell/trace-mapping"
import { findSourceMap, placeOfMap } from "./find-source-map.ts"
import { formatSite, parseSite, type Site } from "./site.ts"

/** Who writes by hand writes no longer lines: a place behind is in a bundle. */
const longestLine = 300
const mostMissing = 20

/**
 * Says where generated code comes from.
 *
 * Laws
 * - Never throws; what can't be mapped stays as it is.
 * - Reads each file once.
 */
export class SourceMaps {
  /** By file. */
  readonly #maps = new Map<string, TraceMap | undefined>()
  readonly #mapped = new Map<string, string>()

  /** By generated file, of those that are minified: where its map was looked for, in vain. */
  readonly missing: Map<string, string> = new Map()

  /** Fetches what mapping these will need, where it has to be fetched. */
  prepare(_texts: Iterable<string>): Promise<void> {
    return Promise.resolve()
  }

  /** Maps "name (file:line:column)", or without a name. The name stays: maps know what is called there, not who calls. */
  site(text: string): string {
    let mapped = this.#mapped.get(text)
    if (mapped === undefined) {
      const site = parseSite(text)
      const original = site === undefined ? undefined : this.#original(site)
      mapped = original === undefined ? text : formatSite(original)
      // The sites of one program are few, the texts of a hostile one need not be.
      if (this.#mapped.size >= 100_000) this.#mapped.clear()
      this.#mapped.set(text, mapped)
    }
    return mapped
  }

  /** A place as it is shown: what all places of a program have in common may be left out. */
  shown(site: string): string {
    return site
  }

  #original(site: Site): Site | undefined {
    try {
      const map = this.mapOf(site.file)
      if (map === undefined) {
        if (site.column > longestLine && this.missing.size < mostMissing && !this.missing.has(site.file))
          this.missing.set(site.file, this.placeOf(site.file))
        return undefined
      }
      const found = originalPositionFor(map, { line: site.line, column: site.column - 1 })
      if (found.source === null) return undefined
      return { name: site.name, file: sourceName(found.source), line: found.line, column: found.column + 1 }
    } catch {
      // Mappings are decoded when first used: broken ones show here.
      return undefined
    }
  }

  /** Where the map of a file would be. */
  protected placeOf(file: string): string {
    return placeOfMap(pathOf(file) ?? file)
  }

  /** The map of what a stack frame calls its file. */
  protected mapOf(file: string): TraceMap | undefined {
    const path = pathOf(file)
    if (path === undefined) return undefined
    if (!this.#maps.has(path)) this.#maps.set(path, findSourceMap(path))
    return this.#maps.get(path)
  }
}

function pathOf(file: string): string | undefined {
  if (file.startsWith("/") || /^[A-Za-z]:[\\/]/.test(file)) return file
  if (!file.startsWith("file:")) return undefined
  try {
    return fileURLToPath(file)
  } catch {
    return undefined
  }
}

/** Bundlers invent protocols; webpack's sources are relative to the project. */
function sourceName(source: string): string {
  return pathOf(source) ?? source.replace(/^webpack:\/\/[^/]*\//, "")
}
