/** What the questions about threads have done there: the same functions for Weft and every rival, each of one argument. */
import { hash } from "node:crypto"

/** Nothing, so that what is left is the way there and back. */
export function noop(n: number): number {
  return n & 1023
}

export interface Parcel {
  readonly id: number
  readonly name: string
  readonly tags: ReadonlyArray<string>
  readonly lines: ReadonlyArray<{ readonly text: string; readonly price: number }>
}

/** A record of about 1 kB. */
export const parcel: Parcel = {
  id: 1023,
  name: "a parcel of about a kilobyte",
  tags: ["fragile", "insured", "by air"],
  lines: Array.from({ length: 16 }, (_, i) => ({
    text: `line ${String(i)} of what is in it, described`,
    price: i * 1.5,
  })),
}

export function weigh({ lines }: Parcel): number {
  return lines.length
}

export const megabyte = 2 ** 20

export function sizeOf(bytes: Uint8Array): number {
  return bytes.length
}

/** A row of the Mandelbrot set: about a millisecond. */
export function mandelbrotLong(row: number): number {
  return mandelbrot(row, 1000)
}

/** About 100 µs. */
export function mandelbrotShort(row: number): number {
  return mandelbrot(row, 100)
}

/** Each column takes about a microsecond. */
export function mandelbrotColumns(columns: number): number {
  return mandelbrot(0, columns)
}

/** One in a hundred takes 100 times as long as the others, about 50 µs. */
export function mandelbrotSkewed(row: number): number {
  return mandelbrot(row, isLongRow(row) ? 5000 : 50)
}

export const isLongRow = (row: number): boolean => row % 100 === 50

const rows = 64
const mostSteps = 400

/** Inside the set, where every point takes all steps: tasks of one length. */
function mandelbrot(row: number, width: number): number {
  const ci = 0.05 + (row % rows) * 1e-6
  let sum = 0
  for (let column = 0; column < width; column++) {
    const cr = -0.2 + (column % 16) * 1e-6
    let zr = 0
    let zi = 0
    let steps = 0
    while (steps < mostSteps && zr * zr + zi * zi <= 4) {
      const next = zr * zr - zi * zi + cr
      zi = 2 * zr * zi + ci
      zr = next
      steps++
    }
    sum += steps
  }
  return sum
}

/** The root of a tree of SHA-256 hashes: about a millisecond. */
export function hashLong(seed: number): number {
  return hashTree(seed, 1300)
}

/** About 100 µs. */
export function hashShort(seed: number): number {
  return hashTree(seed, 130)
}

/** Answers the first 16 bits. */
function hashTree(seed: number, leaves: number): number {
  let level = Array.from({ length: leaves }, (_, i) => hash("sha256", `${String(seed % 16)}.${String(i)}`))
  while (level.length > 1) {
    const above: Array<string> = []
    for (let i = 0; i < level.length; i += 2) above.push(hash("sha256", level[i]! + (level[i + 1] ?? "")))
    level = above
  }
  return Number.parseInt(level[0]!.slice(0, 4), 16)
}

/** Made when it is first asked for, as threads that parse nothing have this module too. */
class Text {
  readonly #records: number
  #text: string | undefined

  constructor(records: number) {
    this.#records = records
  }

  parse(): number {
    this.#text ??= JSON.stringify(
      Array.from({ length: this.#records }, (_, i) => ({ ...parcel, id: i, lines: parcel.lines.slice(0, 4) })),
    )
    return (JSON.parse(this.#text) as Array<Parcel>).length
  }
}
const longText = new Text(850)
const shortText = new Text(85)

/** Parses a text that every thread has: about a millisecond. */
export function parseLong(n: number): number {
  return longText.parse() + (n & 1)
}

/** About 100 µs. */
export function parseShort(n: number): number {
  return shortText.parse() + (n & 1)
}

/** All of them, by name. */
export const work = {
  noop,
  weigh,
  sizeOf,
  mandelbrotLong,
  mandelbrotShort,
  mandelbrotSkewed,
  mandelbrotColumns,
  hashLong,
  hashShort,
  parseLong,
  parseShort,
} as const

export type WorkName = keyof typeof work
