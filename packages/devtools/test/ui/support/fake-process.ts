/** An `Attached` without a process: the shop, whose figures go up and down. */
import type { Attached, RunningTrace, TraceRequest } from "../../../src/attach/attached.ts"
import type { ProcessDump } from "../../../src/format/dump.ts"
import type { ProcessLeaks } from "../../../src/format/leaks.ts"
import type { ProcessStats, ThreadStats } from "../../../src/format/stats.ts"
import { seeded } from "./seeded.ts"
import { shopDump } from "./shop.ts"
import { shopTrace } from "./shop-trace.ts"

export class FakeProcess implements Attached {
  readonly pid = 41_237
  readonly title = "shop-api"
  readonly argv = ["node", "dist/main.js", "--port", "8080"]
  readonly runtime = "node 24.21.0"
  readonly inspectorOpenMillis = 21
  readonly ended: Promise<string>
  /** Its end. */
  readonly end: (reason: string) => void
  /** How often it was asked. */
  statsTaken = 0
  tracesRunning = 0
  bytesTraced = 0
  /** Traces run on and on, instead of giving the shop's and waiting. */
  isEndless = false
  /** Why it does not record. */
  refusal: string | undefined
  readonly #dump: ProcessDump
  readonly #random = seeded(11)
  #isEnded = false

  constructor(dump: ProcessDump = shopDump()) {
    let resolve!: (reason: string) => void
    this.ended = new Promise((settle) => (resolve = settle))
    this.#dump = dump
    this.end = (reason) => {
      this.#isEnded = true
      resolve(reason)
    }
  }

  dump(): Promise<ProcessDump> {
    return this.#isEnded ? Promise.reject(new Error("the process has ended")) : Promise.resolve(this.#dump)
  }

  stats(): Promise<ProcessStats> {
    if (this.#isEnded) return Promise.reject(new Error("the process has ended"))
    const n = this.statsTaken++
    return Promise.resolve({
      pid: this.pid,
      uptimeSeconds: 7_412 + n,
      rssBytes: 341_000_000 + 4_000_000 * Math.sin(n / 9),
      cpuSeconds: 3_120 + 1.23 * n,
      threads: this.#dump.threads.map(({ goroutines, name, thread }) =>
        this.#threadStats(thread, name, goroutines.length, n),
      ),
    })
  }

  leaks(): Promise<ProcessLeaks> {
    const { threads } = this.#dump
    const leaked = Array.from({ length: 17 }, (_, i) => ({
      ...threads[0]!.goroutines[0]!,
      ...{ id: 900 + i, name: "notifyCustomer", isMain: false, reason: i < 14 ? "chan send" : "chan receive" },
      ...{ detail: "capacity 0", waitMillis: 60_000 * (i + 1), startedAt: "/srv/shop/src/mail/notify.ts:41:5" },
      stack: [`notifyCustomer (/srv/shop/src/mail/notify.ts:${i < 14 ? 52 : 60}:13)`],
    }))
    const suspects = threads[0]!.goroutines.filter(({ name }) => name === "subscriber")
    return Promise.resolve({
      pid: this.pid,
      threads: [
        { thread: 0, name: "main", checked: 431, leaked, suspects, suspectSeconds: 600 },
        { thread: 1, name: "worker 1", checked: 21, leaked: [], suspects: [], suspectSeconds: 600 },
      ],
    })
  }

  async trace(_request: TraceRequest, onBytes: (bytes: Uint8Array) => void | Promise<void>): Promise<RunningTrace> {
    if (this.refusal !== undefined) throw new Error(this.refusal)
    this.tracesRunning++
    let isStopped = false
    const give = async (bytes: Uint8Array): Promise<void> => {
      this.bytesTraced += bytes.length
      await onBytes(bytes)
    }
    const endless = async (): Promise<void> => {
      while (!isStopped) await give(new Uint8Array(65_536))
    }
    const given = this.isEndless ? endless() : Promise.all(shopTrace().map(give))
    return Promise.resolve({
      stop: async () => {
        if (isStopped) return
        isStopped = true
        this.tracesRunning--
        if (!this.isEndless) await given
      },
    })
  }

  detach(): Promise<void> {
    return Promise.resolve()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.detach()
  }

  #threadStats(thread: number, name: string, live: number, n: number): ThreadStats {
    const swing = Math.round(live * (0.08 * Math.sin(n / 7 + thread) + 0.03 * this.#random()))
    const many = live + swing
    const runnable = Math.round(live * 0.03 * (0.3 + this.#random()))
    const group = (reason: string, count: number) => ({
      ...{ name: reason, status: "waiting" as const, reason, count: Math.max(0, count), oldestWaitMillis: 1_200 },
    })
    return {
      ...{ thread, name, live: many, running: 1, runnable, waiting: Math.max(0, many - runnable - 1) },
      heapUsedBytes: (thread === 0 ? 148e6 : 61e6) + 1e6 * ((n * 3) % 29),
      utilization: Math.min(1, (thread === 0 ? 0.41 : 0.84) + 0.12 * (this.#random() - 0.5)),
      loopDelayMillis: 1.5 + 6 * this.#random() ** 4 + (thread === 0 && n % 17 === 9 ? 31 : 0),
      created: 91_000 + 310 * n,
      groups: [
        group("chan receive", Math.round(many * 0.2)),
        group("select", Math.round(many * 0.3)),
        group("sync.Mutex.Lock", Math.round(many * 0.08)),
        group("sleep", Math.round(many * 0.18)),
        group("promise", Math.round(many * 0.08)),
        group("chan send", Math.round(many * 0.12)),
      ],
      pauseMillis: 0.3,
    }
  }
}
