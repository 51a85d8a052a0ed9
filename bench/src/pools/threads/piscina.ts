import { move } from "piscina"

export {
  hashLong,
  hashShort,
  mandelbrotColumns,
  mandelbrotLong,
  mandelbrotShort,
  mandelbrotSkewed,
  noop,
  parseLong,
  parseShort,
  sizeOf,
  weigh,
} from "../../threads/work.ts"

export function passBack(bytes: Uint8Array): unknown {
  return move(bytes)
}
