/** `GET /report`: what next year may bring. */
import { go } from "@weft/core"
import { spawn } from "@weft/workers"
import { forecast } from "./forecast.ts"
import type { Mill } from "./mill.ts"

export function* report({ books, switches }: Mill) {
  // A goroutine gives way where it waits, and this one does not: here it would keep everybody else waiting.
  const computed = switches.starve.isOn ? go(forecast, books.entries) : spawn(forecast, books.entries)
  return yield* computed
}
