import { never } from "@weft/core"
import { task } from "@weft/workers"

export const diesAlways = task(
  import.meta.url,
  "diesAlways",
  function* () {
    process.exit(1)
  },
  { idempotent: true },
)

export const waitsForEver = task(import.meta.url, "waitsForEver", function* () {
  yield* never
})
