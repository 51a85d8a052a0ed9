/** What the charts share: colours for light and dark, and a shape for each contestant, which tells them apart without colour. */
import type { ContestantName } from "./contestants.ts"

export const style = `<style>
  text { font: 13px ui-sans-serif, system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; fill: #1f2933; }
  .paper { fill: #ffffff; }
  .heading { font-size: 17px; font-weight: 600; }
  .note { font-size: 12px; fill: #61707f; }
  .value { font-weight: 600; font-variant-numeric: tabular-nums; }
  .faster { fill: #0d9488; opacity: 0.07; }
  .grid { stroke: #d5dce3; stroke-width: 1; }
  .go { stroke: #52606d; stroke-width: 1.5; }
  .rule { stroke: #edf0f3; stroke-width: 1; }
  .whisker { stroke: #0d9488; stroke-width: 3; stroke-linecap: round; opacity: 0.45; }
  .weft { fill: #0d9488; }
  .go-all { fill: none; stroke: #52606d; stroke-width: 1.8; }
  .promises { fill: #e0a100; }
  .thi-ng { fill: #8b5cf6; }
  .effect { fill: #e8590c; }
  .js-csp { fill: #d6336c; }
  .async-mutex { fill: #4263eb; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e4e9ee; }
    .paper { fill: #12181f; }
    .note { fill: #94a3b3; }
    .faster { fill: #2dd4bf; }
    .grid { stroke: #2c3844; }
    .go { stroke: #a8b4c0; }
    .rule { stroke: #1c252e; }
    .whisker { stroke: #2dd4bf; }
    .weft { fill: #2dd4bf; }
    .go-all { stroke: #a8b4c0; }
  }
</style>`

/** The name of a contestant in a style sheet. */
export function kindOf(name: ContestantName): string {
  return name.replace(".", "-")
}

export function mark(name: ContestantName, cx: number, cy: number): string {
  const at = round(cx)
  const y = round(cy)
  const kind = kindOf(name)
  const path = (d: string) => `<path class="${kind}" d="${d}"/>`
  switch (name) {
    case "weft":
      return `<circle class="${kind}" cx="${at}" cy="${y}" r="6.5"/>`
    case "go-all":
      return `<circle class="${kind}" cx="${at}" cy="${y}" r="4.5"/>`
    case "promises":
    case "poolifier":
      return path(`M${at} ${y - 5.5}l5.5 5.5l-5.5 5.5l-5.5 -5.5z`)
    case "thi.ng":
    case "piscina":
    case "piscina-async":
      return path(`M${at - 4.5} ${y - 4.5}h9v9h-9z`)
    case "async-mutex":
    case "workerpool":
      return path(`M${at - 4.5} ${y - 1.5}h9v3h-9z`)
    case "effect":
    case "comlink":
      return path(`M${at} ${y - 5.5}l5.5 10h-11z`)
    default:
      return path(`M${at} ${y + 5.5}l5.5 -10h-11z`)
  }
}

export function round(value: number): number {
  return Math.round(value * 10) / 10
}

export function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")
}
