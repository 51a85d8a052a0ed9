/** The customers. They have a thread of their own, and so see the service as anybody does from outside, also while its own thread stands still. */
import type { Sender } from "@weft/channels"
import { go, never, Op, sleep } from "@weft/core"
import { task } from "@weft/workers"
import type { Sample } from "./meter.ts"

interface Habit {
  readonly route: string
  readonly path: string
  readonly pauseMillis: number
  readonly customers: number
}

const habits: ReadonlyArray<Habit> = [
  { route: "GET /quote", path: "/quote?text=Hello+Weft", pauseMillis: 150, customers: 8 },
  { route: "POST /orders", path: "/orders?text=Ahoy", pauseMillis: 200, customers: 4 },
  { route: "GET /report", path: "/report", pauseMillis: 700, customers: 1 },
]

/** Sends customers to a site, until it is interrupted. */
export const custom = task(import.meta.url, "custom", function* (site: string, samples: Sender<Sample>) {
  const crowd = habits.flatMap((habit) =>
    Array.from({ length: habit.customers }, () => go.named(`customer: ${habit.route}`, customer, site, habit, samples)),
  )
  try {
    yield* never
  } finally {
    for (const one of crowd) one.interrupt()
  }
})

function* customer(site: string, { path, pauseMillis, route }: Habit, samples: Sender<Sample>) {
  const method = route.split(" ")[0]!
  for (;;) {
    yield* sleep(pauseMillis * (0.5 + Math.random()))
    const start = performance.now()
    const isGood = yield* Op.fromPromise((signal) => isAnswered(site + path, { method, signal }))
    yield* samples.send({ route, millis: performance.now() - start, isGood })
  }
}

async function isAnswered(url: string, how: RequestInit): Promise<boolean> {
  try {
    const response = await fetch(url, how)
    await response.text()
    return response.ok
  } catch {
    return false // nobody is there, for one
  }
}
