/**
 * Screen: what the program knows of the place it writes to, decided once at the start.
 *
 * Colour follows NO_COLOR and FORCE_COLOR as `effect/cli` reads them, so help, errors and chapters always agree.
 * Redrawing needs a real terminal: into a pipe or a file only finished lines are written.
 */
import { type Paint, paint } from "./paint.ts"

/** Wider text is hard to read, however wide the window. */
const MAX_COLUMNS = 88
const MIN_COLUMNS = 24
const DEFAULT_COLUMNS = 80

export interface Screen {
  readonly columns: number
  readonly color: boolean
  /** Somebody watches, so a line may be redrawn. */
  readonly animate: boolean
  readonly paint: Paint
  line(text?: string): void
  /** Without a line break, for redrawing. */
  raw(text: string): void
}

export interface ScreenOptions {
  readonly color: boolean
  readonly animate: boolean
}

export function screen({ animate, color }: ScreenOptions, stream: NodeJS.WriteStream = process.stdout): Screen {
  return {
    get columns() {
      return Math.min(MAX_COLUMNS, Math.max(MIN_COLUMNS, terminalColumns(stream)))
    },
    color,
    animate,
    paint: paint(color),
    line: (text = "") => void stream.write(`${text}\n`),
    raw: (text) => void stream.write(text),
  }
}

function terminalColumns(stream: NodeJS.WriteStream): number {
  if (stream.isTTY && stream.columns > 0) return stream.columns
  const asked = Number(process.env["COLUMNS"])
  return Number.isInteger(asked) && asked > 0 ? asked : DEFAULT_COLUMNS
}
