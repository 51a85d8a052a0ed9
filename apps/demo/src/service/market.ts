/** Where customers come from while their switch is on. */
import { chan } from "@weft/channels"
import { go } from "@weft/core"
import { Pool } from "@weft/workers"
import { custom } from "./customers.ts"
import type { Sample } from "./meter.ts"
import type { Mill } from "./mill.ts"

export function* market({ meter, switches: { customers } }: Mill, site: string) {
  const samples = chan<Sample>(64) // a thread sends to it as any goroutine does
  go.named("meter", function* () {
    yield* samples.forEach((sample) => meter.add(sample))
  })
  const pool = new Pool({ threads: 1, name: "customers" })
  for (;;) {
    if (!customers.isOn) yield* customers.turned
    const crowd = pool.spawn(custom, site, samples)
    yield* customers.turned
    crowd.interrupt()
  }
}
