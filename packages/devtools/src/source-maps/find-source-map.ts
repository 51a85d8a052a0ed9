/**
 * Finds the source map of a file: in the file as a data: URL, where its last `sourceMappingURL` says, or beside it as `<file>.map`.
 *
 * The names of the files come from another process, so only regular files of a sane size are read: a pipe would never end. Nothing is
 * fetched over the network.
 */
import { readFileSync, statSync } from "node:fs"
import { fileURLToPath, pathToFileURL } from "node:url"
import { FlattenMap, type TraceMap } from "@jridgewell/trace-mapping"

const maxBytes = 256 * 1024 * 1024

/** What a file says of its source map, or the map itself where it is in the file. */
export function linkedMap(code: string, url: string): URL | TraceMap | undefined {
  const link = lastLink(code)
  if (link === undefined) return undefined
  return link.startsWith("data:") ? new FlattenMap(decodeData(link), url) : new URL(link, url)
}

export const parseMap = (json: string, url: string): TraceMap =>
  // A guard against being included as a script, which the format allows.
  new FlattenMap(json.replace(/^\)\]\}'.*/, ""), url)

/** Undefined where there is none, or none that can be read. */
export function findSourceMap(path: string): TraceMap | undefined {
  try {
    const code = read(path)
    return code === undefined ? undefined : (linked(code, path) ?? readMap(new URL(`${pathToFileURL(path).href}.map`)))
  } catch {
    // Whatever is wrong with it, the place in the generated file is still true.
    return undefined
  }
}

/** Where the map of a file would be: where the file says, else beside it. */
export function placeOfMap(path: string): string {
  try {
    const link = linkedMap(read(path) ?? "", pathToFileURL(path).href)
    if (link instanceof URL) return link.protocol === "file:" ? fileURLToPath(link) : link.href
  } catch {
    // What it says is no place.
  }
  return `${path}.map`
}

function linked(code: string, path: string): TraceMap | undefined {
  const map = linkedMap(code, pathToFileURL(path).href)
  if (!(map instanceof URL)) return map
  return map.protocol === "file:" ? readMap(map) : undefined
}

function readMap(url: URL): TraceMap | undefined {
  const json = read(fileURLToPath(url))
  return json === undefined ? undefined : parseMap(json, url.href)
}

function read(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat?.isFile() === true && stat.size <= maxBytes ? readFileSync(path, "utf8") : undefined
}

/** By hand: a regular expression would try each of a bundle's lines. */
function lastLink(code: string): string | undefined {
  const at = code.lastIndexOf("# sourceMappingURL=")
  if (at < 2 || !["//", "/*"].includes(code.slice(at - 2, at))) return undefined
  return /^\S+/.exec(code.slice(at + "# sourceMappingURL=".length))?.[0]
}

function decodeData(url: string): string {
  const comma = url.indexOf(",")
  const data = url.slice(comma + 1)
  return url.slice(0, comma).endsWith(";base64") ? Buffer.from(data, "base64").toString() : decodeURIComponent(data)
}
