/** The same functions as Weft's tasks. */
import { type Task, task, transfer } from "@weft/workers"
import { work } from "./work.ts"

const of = <A, R>(name: string, f: (argument: A) => R): Task<R, never, [A]> =>
  task(import.meta.url, name, function* (argument: A) {
    return f(argument)
  })

export const tasks = {
  noop: of("noop", work.noop),
  weigh: of("weigh", work.weigh),
  sizeOf: of("sizeOf", work.sizeOf),
  mandelbrotLong: of("mandelbrotLong", work.mandelbrotLong),
  mandelbrotShort: of("mandelbrotShort", work.mandelbrotShort),
  mandelbrotSkewed: of("mandelbrotSkewed", work.mandelbrotSkewed),
  mandelbrotColumns: of("mandelbrotColumns", work.mandelbrotColumns),
  hashLong: of("hashLong", work.hashLong),
  hashShort: of("hashShort", work.hashShort),
  parseLong: of("parseLong", work.parseLong),
  parseShort: of("parseShort", work.parseShort),
}

/** Gives back what it was given. */
export const passBack = task(import.meta.url, "passBack", function* (bytes: Uint8Array) {
  return transfer(bytes)
})
