import { run, sleep, go, context } from "@weft/core"
import { chan, select, type Channel, sharedChan, codec } from "@weft/channels"
import { SharedMutex, AtomicInt32, WaitGroup } from "@weft/sync"
import { spawn, task, transfer } from "@weft/workers"
const worker = task(import.meta.url, "worker", function* (jobs: Channel<number>, results: Channel<string>) {
  let n = 0
  yield* jobs.forEach(function* (job) { n++; yield* results.send(`${job}`) })
  return n
})
const selecting = task(import.meta.url, "selecting", function* (a: Channel<number>, b: Channel<number>, n: number) {
  let as = 0, bs = 0
  for (let i = 0; i < n; i++) {
    const hit = yield* select({ a: a.receive(), b: b.send(i), t: sleep(10000).map(() => -1) })
    if (hit.case === "a") as += hit.value!
    else bs += i
  }
  return { as, bs }
})
const waits = task(import.meta.url, "waits", function* (ctx: typeof context.background, x: number) { yield* ctx.done; return `${x} ${ctx.err?.name} ${ctx.cause}` })
const nested = task(import.meta.url, "nested", function* (n: number): Generator<any, number, any> { if (n < 2) return n; const [a, b] = [spawn(nested, n - 1), spawn(nested, n - 2)]; return (yield* a) + (yield* b) })
const locks = task(import.meta.url, "locks", function* (m: SharedMutex, c: AtomicInt32, n: number) { for (let i = 0; i < n; i++) { using _ = yield* m.lock(); c.store(c.load() + 1) } })
const sh = task(import.meta.url, "sh", function* (c: ReturnType<typeof sharedChan<{ x: number, s: string }>>) { yield* c.send({ x: 1, s: "hi" }); c.close() })
const buf = task(import.meta.url, "buf", function* (b: Uint8Array) { return transfer(b.subarray(0, 3)) })
await run(function* () {
  const jobs = chan<number>(), results = chan<string>(4)
  const ws = [spawn(worker, jobs, results), spawn(worker, jobs, results)]
  go(function* () { for (let i = 0; i < 1000; i++) yield* jobs.send(i); jobs.close() })
  const seen = new Set<string>()
  const s = performance.now()
  for (let i = 0; i < 1000; i++) seen.add((yield* results.receive())!)
  console.log("jobs", seen.size, (performance.now() - s) + " us a job")
  console.log(yield* ws[0]!, yield* ws[1]!)
  const a = chan<number>(), b = chan<number>()
  const sel = spawn(selecting, a, b, 500), sel2 = spawn(selecting, a, b, 500)
  let sentA = 0, gotB = 0
  for (let i = 0; i < 1000; i++) {
    const hit = yield* select({ a: a.send(1), b: b.receive() })
    if (hit.case === "a") sentA++; else gotB += hit.value!
  }
  const r1 = yield* sel, r2 = yield* sel2
  console.log(sentA, r1.as + r2.as, gotB, r1.bs + r2.bs)
  const [ctx, cancel] = context.withCancel(context.background)
  const w = spawn(waits, ctx, 3)
  yield* sleep(50); cancel(new Error("why"))
  console.log(yield* w)
  console.log("fib", yield* spawn(nested, 3))
  const m = new SharedMutex(), c = new AtomicInt32()
  const l = [spawn(locks, m, c, 1000), spawn(locks, m, c, 1000)]
  for (const x of l) yield* x
  console.log(c.load())
  const sc = sharedChan(codec.struct({ x: codec.f64, s: codec.utf8(10) }), 2)
  spawn(sh, sc); console.log(yield* sc.receive(), yield* sc.receive())
  console.log(yield* spawn(buf, transfer(new Uint8Array(10))))
  try { spawn(buf, { x: [new WaitGroup()] } as any) } catch (e) { console.log(String(e)) }
  try { spawn(buf, { user: { callback() {} } } as any) } catch (e) { console.log(String(e)) }
})
