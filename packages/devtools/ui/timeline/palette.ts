/** The colours of states as pixels, from the style sheet. */
import { StateClasses, stateClasses } from "../model/reason-class.ts"
import { color } from "../shell/theme.ts"

export interface Palette {
  /** By state class, as a little-endian RGBA pixel. */
  readonly pixels: Uint32Array
  /** A little darker or lighter: where a slice begins. */
  readonly edges: Uint32Array
  readonly background: number
  readonly panel: string
  readonly line: string
  readonly text: string
  readonly muted: string
  /** On what runs or could. */
  readonly onSlice: string
  readonly accent: string
  readonly gc: string
  readonly bad: string
}

export function readPalette(): Palette {
  const background = rgb(color("panel"))
  const colors = stateClasses.map(({ id }, kind) => {
    if (kind === StateClasses.NONE) return background
    const full = rgb(color(`c-${id}`))
    // Waits are most of the picture: they stand back, so that what runs stands out.
    return kind > StateClasses.RUNNABLE ? mix(full, background, 0.45) : full
  })
  return {
    pixels: Uint32Array.from(colors, pixel),
    edges: Uint32Array.from(colors, (one) => pixel(mix(one, background, 0.35))),
    background: pixel(background),
    panel: color("panel"),
    line: color("line"),
    text: color("text"),
    muted: color("muted"),
    onSlice: color("on-slice"),
    accent: color("accent"),
    gc: color("gc"),
    bad: color("bad"),
  }
}

type Rgb = readonly [red: number, green: number, blue: number]

/** Of "#rrggbb". */
function rgb(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16)
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255]
}

const pixel = ([red, green, blue]: Rgb): number => ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0

const mix = (a: Rgb, b: Rgb, share: number): Rgb => [
  a[0] + (b[0] - a[0]) * share,
  a[1] + (b[1] - a[1]) * share,
  a[2] + (b[2] - a[2]) * share,
]
