/** A made-up web shop as a dump shows it: some five hundred goroutines, a deadlock of three with others behind it, a crowded lock, a full channel. */
import type { GoroutineDump, ObjectDump, ProcessDump, ThreadDump } from "../../../src/format/dump.ts"
import { seeded } from "./seeded.ts"

export const objects = {
  jobs: { id: 1, kind: "Buffered", detail: "capacity 64, 64 buffered", length: 64, capacity: 64 },
  results: { id: 2, kind: "Buffered", detail: "capacity 16, 3 buffered", length: 3, capacity: 16 },
  events: { id: 3, kind: "Rendezvous", detail: "capacity 0, 12 receivers", length: 0, capacity: 0 },
  shutdown: { id: 4, kind: "Rendezvous", detail: "capacity 0", length: 0, capacity: 0 },
  stock: { id: 5, kind: "Mutex", detail: "locked, 38 waiting", owner: 40 },
  orders: { id: 6, kind: "Mutex", detail: "locked, 1 waiting", owner: 201 },
  payments: { id: 7, kind: "Mutex", detail: "locked, 1 waiting", owner: 202 },
  ledger: { id: 8, kind: "RWMutex", detail: "write-locked, 5 waiting", owner: 203 },
  limiter: { id: 9, kind: "Semaphore", detail: "0 of 20 free, 14 waiting" },
  batch: { id: 10, kind: "WaitGroup", detail: "count 6" },
} as const satisfies Record<string, ObjectDump>

type ObjectName = keyof typeof objects

interface Part {
  readonly count: number
  readonly name: string
  readonly from: number
  readonly reason?: string
  readonly on?: ReadonlyArray<ObjectName>
  readonly wakers?: ReadonlyArray<number>
  readonly outside?: true
  readonly status?: "running" | "runnable"
  /** Of the file, of the line that waits, and of the one that starts it. */
  readonly at: readonly [file: string, waits: number, starts: number]
  readonly seconds: number
}

const parts: ReadonlyArray<Part> = [
  {
    count: 1,
    name: "main",
    from: 1,
    reason: "chan receive",
    on: ["shutdown"],
    outside: true,
    at: ["main.ts", 88, 1],
    seconds: 7_412,
  },
  {
    count: 1,
    name: "acceptConnections",
    from: 2,
    reason: "promise",
    outside: true,
    at: ["http/server.ts", 41, 22],
    seconds: 0.4,
  },
  {
    count: 24,
    name: "worker",
    from: 10,
    reason: "promise",
    outside: true,
    at: ["jobs/worker.ts", 57, 31],
    seconds: 2.2,
  },
  {
    count: 1,
    name: "reserveStock",
    from: 40,
    reason: "sleep",
    outside: true,
    at: ["stock/reserve.ts", 33, 64],
    seconds: 11.4,
  },
  {
    count: 38,
    name: "handleOrder",
    from: 41,
    reason: "sync.Mutex.Lock",
    on: ["stock"],
    wakers: [40],
    at: ["http/orders.ts", 112, 45],
    seconds: 11.1,
  },
  {
    count: 14,
    name: "callBank",
    from: 90,
    reason: "sync.Semaphore.Acquire",
    on: ["limiter"],
    at: ["payments/bank.ts", 71, 29],
    seconds: 4.6,
  },
  {
    count: 64,
    name: "submitJob",
    from: 110,
    reason: "chan send",
    on: ["jobs"],
    at: ["jobs/submit.ts", 24, 18],
    seconds: 6.3,
  },
  {
    count: 1,
    name: "settleOrder",
    from: 201,
    reason: "sync.Mutex.Lock",
    on: ["payments"],
    wakers: [202],
    at: ["settle/order.ts", 52, 40],
    seconds: 184,
  },
  {
    count: 1,
    name: "refundPayment",
    from: 202,
    reason: "sync.RWMutex.Lock",
    on: ["ledger"],
    wakers: [203],
    at: ["settle/refund.ts", 77, 40],
    seconds: 184,
  },
  {
    count: 1,
    name: "closeLedger",
    from: 203,
    reason: "sync.Mutex.Lock",
    on: ["orders"],
    wakers: [201],
    at: ["settle/ledger.ts", 31, 40],
    seconds: 184,
  },
  {
    count: 4,
    name: "readLedger",
    from: 204,
    reason: "sync.RWMutex.RLock",
    on: ["ledger"],
    wakers: [203],
    at: ["reports/ledger.ts", 19, 12],
    seconds: 161,
  },
  {
    count: 1,
    name: "nightlyReport",
    from: 208,
    reason: "join",
    wakers: [204, 205],
    at: ["reports/nightly.ts", 66, 9],
    seconds: 161,
  },
  {
    count: 160,
    name: "session",
    from: 300,
    reason: "select",
    on: ["events", "shutdown"],
    outside: true,
    at: ["http/session.ts", 93, 47],
    seconds: 48,
  },
  {
    count: 90,
    name: "keepAlive",
    from: 500,
    reason: "sleep",
    outside: true,
    at: ["http/session.ts", 120, 50],
    seconds: 9,
  },
  {
    count: 6,
    name: "importRows",
    from: 600,
    reason: "effect",
    outside: true,
    at: ["import/rows.ts", 38, 20],
    seconds: 1.1,
  },
  {
    count: 1,
    name: "importAll",
    from: 610,
    reason: "sync.WaitGroup.Wait",
    on: ["batch"],
    at: ["import/all.ts", 27, 14],
    seconds: 1.6,
  },
  {
    count: 30,
    name: "fetchRates",
    from: 620,
    reason: "promise",
    outside: true,
    at: ["rates/fetch.ts", 15, 8],
    seconds: 0.3,
  },
  {
    count: 2,
    name: "metricsTicker",
    from: 660,
    reason: "chan receive",
    outside: true,
    at: ["metrics.ts", 44, 12],
    seconds: 0.8,
  },
  { count: 9, name: "renderPage", from: 670, status: "runnable", at: ["http/render.ts", 1, 61], seconds: 0.02 },
  { count: 1, name: "priceBasket", from: 690, status: "running", at: ["pricing/basket.ts", 1, 33], seconds: 0 },
  {
    count: 12,
    name: "subscriber",
    from: 700,
    reason: "chan receive",
    on: ["events"],
    at: ["events/subscribe.ts", 29, 17],
    seconds: 2_400,
  },
]

/** With `deadlocked: false`, as if those three had never met. */
export function shopDump(options?: { readonly deadlocked?: boolean; readonly crowd?: number }): ProcessDump {
  const random = seeded(7)
  const isWanted = ({ from }: Part): boolean => options?.deadlocked !== false || from < 201 || from > 208
  const main = parts.filter(isWanted).flatMap((part) => goroutinesOf(part, random))
  return {
    pid: 41_237,
    title: "shop-api",
    argv: ["node", "dist/main.js", "--port", "8080"],
    runtime: "node 24.21.0",
    takenAt: "2026-11-27T22:18:00.000Z",
    uptimeSeconds: 7_412,
    longestPauseMillis: 1.8,
    tookMillis: 14,
    inspectorOpenMillis: 21,
    threads: [
      thread(0, "main", main, Object.values(objects), 148_300_000, 0.41),
      thread(1, "worker 1", imageWorkers(random, 22), IMAGE_OBJECTS, 61_000_000, 0.87),
      ...(options?.crowd === undefined ? [] : [thread(2, "worker 2", crowd(options.crowd), [], 900_000_000, 0.2)]),
    ],
  }
}

const IMAGE_OBJECTS: ReadonlyArray<ObjectDump> = [
  { id: 1, kind: "Buffered", detail: "capacity 8, 0 buffered, 21 receivers", length: 0, capacity: 8 },
]

function thread(
  number: number,
  name: string,
  goroutines: ReadonlyArray<GoroutineDump>,
  known: ReadonlyArray<ObjectDump>,
  heapUsedBytes: number,
  utilization: number,
): ThreadDump {
  return { thread: number, name, heapUsedBytes, utilization, stacksTaken: 40, goroutines, objects: known }
}

function goroutinesOf(
  { at, count, from, name, on, outside, reason, seconds, status, wakers }: Part,
  random: () => number,
) {
  const [file, waits, starts] = at
  return Array.from({ length: count }, (_, i): GoroutineDump => {
    const known = on?.map((one) => objects[one]) ?? []
    return {
      id: from + i,
      name,
      isMain: name === "main",
      status: status ?? "waiting",
      ...(reason === undefined ? {} : { reason }),
      ...(known[0] === undefined ? {} : { detail: known[0].detail }),
      waitMillis: status === "running" ? 0 : seconds * 1_000 * (count === 1 ? 1 : 0.1 + 0.9 * random()),
      stack:
        status === undefined
          ? [
              `${name} (/srv/shop/src/${file}:${waits}:${9 + (waits % 12)})`,
              `traced (/srv/shop/src/support/traced.ts:14:10)`,
              `${name} (/srv/shop/src/${file}:${starts}:5)`,
            ]
          : [],
      ...(i > 0 && count > 8 ? { isStackOfGroup: true } : {}),
      startedAt: `/srv/shop/src/${file}:${starts}:3`,
      ...(name === "main" ? {} : { parent: name === "handleOrder" ? 2 : 1 }),
      on: known.map(({ id }) => id),
      ...(wakers === undefined ? {} : { wakers }),
      ...(outside === undefined ? {} : { isWokenFromOutside: true }),
    }
  })
}

const imageWorkers = (random: () => number, count: number): ReadonlyArray<GoroutineDump> =>
  Array.from({ length: count }, (_, i) => ({
    id: i + 1,
    name: i === 0 ? "resizeLoop" : "resizeImage",
    isMain: i === 0,
    status: i === 1 ? ("running" as const) : ("waiting" as const),
    ...(i === 1 ? {} : { reason: "chan receive" }),
    waitMillis: i === 1 ? 0 : 5 + 900 * random(),
    stack: i === 1 ? [] : ["resizeImage (/srv/shop/src/images/resize.ts:48:15)"],
    startedAt: "/srv/shop/src/images/pool.ts:20:7",
    on: i === 1 ? [] : [1],
  }))

const crowd = (count: number): ReadonlyArray<GoroutineDump> =>
  Array.from({ length: count }, (_, i) => ({
    id: i + 1,
    name: `visitor ${i % 97}`,
    isMain: false,
    status: "waiting" as const,
    reason: "sleep",
    waitMillis: (i * 7_919) % 60_000,
    stack: ["visitor (/srv/shop/src/crowd.ts:12:11)"],
    on: [],
    isWokenFromOutside: true,
  }))
