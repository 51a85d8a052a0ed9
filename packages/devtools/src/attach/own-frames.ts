/** From an engine's stack to the program's own frames: mapped to the sources first, as a bundle has Weft's code and the program's in one file. */
import type { SourceMaps } from "../source-maps/source-maps.ts"

const longestFrame = 2000

/** "name (file:line:column)", innermost first. */
export function ownFrames(stack: string, maps: SourceMaps): Array<string> {
  const frames: Array<string> = []
  for (const line of stack.split("\n")) {
    // A hostile process' lines need not be places, and looking takes the square of their length.
    if (line.length > longestFrame) continue
    const frame = line.trim()
    if (!frame.startsWith("at ") || !/:\d+:\d+\)?$/.test(frame)) continue
    const site = maps.site(asPath(frame.replace(/^at (async )?/, "")))
    if (!weftFrame.test(site) && !engineFrame.test(site)) frames.push(maps.shown(site))
  }
  return frames
}

/** A string of a trace: where a goroutine was started is a stack, of which the first own frame counts; anything else stays. */
export const siteOf = (text: string, maps: SourceMaps): string =>
  /^\w*\n {4}at /.test(text) || text.startsWith("    at ") ? (ownFrames(text, maps)[0] ?? "") : text

const asPath = (frame: string): string =>
  frame.replace(/file:\/\/\/?(?=[A-Za-z]:|\/)/, (prefix) => (prefix === "file:///" ? "/" : ""))

const weftFrame =
  /(\/|@)weft\/(core|channels|sync|workers)\/(dist|src)\/|\/packages\/(core|channels|sync|workers)\/(src\/(?!.*\.test\.ts)|dist\/)/
const engineFrame = /node:internal|\bnode:|<anonymous>\)?$|\bnative\b/
