/**
 * `npm run bench:tracing`: what looking costs. In one run, interleaved, medians:
 *
 *   1. nobody looks: with core's hook points, and with them taken out;
 *   2. the same process with nothing, a flight recorder, a trace, and a trace of every op; Go's program with its own;
 *   3. a dump of a million goroutines, and `top` once a second.
 */
import { execFileSync } from "node:child_process"
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { attach } from "@weft/devtools"
import { MeasuredProcess } from "./measured-process.ts"
import { bundleWorkload } from "./without-hooks.ts"

const rounds = Number(process.argv[2] ?? 7)
const operations = { "ping-pong": 300_000, stream: 600_000, select: 200_000, spawn: 300_000, http: 3000 } as const

function median(values: ReadonlyArray<number>): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!
}

const ratio = (values: ReadonlyArray<number>, base: ReadonlyArray<number>): string =>
  median(values.map((value, i) => value / base[i]!)).toFixed(3)

await hookPoints()
await recording()
await goTracer()
await million()

async function hookPoints(): Promise<void> {
  console.log("\nNobody looks: with hook points, and with them taken out (target: at most 1.01)")
  const bundles = { with: await bundleWorkload(true), without: await bundleWorkload(false) }
  for (const name of ["ping-pong", "stream", "select", "spawn"] as const) {
    const times: { with: Array<number>; without: Array<number> } = { with: [], without: [] }
    for (let round = 0; round < rounds; round++)
      // Who goes first changes: the machine may be getting warmer.
      for (const kind of round % 2 === 0 ? (["with", "without"] as const) : (["without", "with"] as const)) {
        using process_ = await MeasuredProcess.start(process.execPath, [bundles[kind], name])
        await process_.measure(operations[name])
        const five = []
        for (let i = 0; i < 5; i++) five.push(await process_.measure(operations[name]))
        times[kind].push(Math.min(...five))
      }
    console.log(`  ${name.padEnd(10)} ${median(times.with).toFixed(1)} ns   ratio ${ratio(times.with, times.without)}`)
  }
}

async function recording(): Promise<void> {
  console.log("\nRecording (targets: flight recorder 1.05 on http, 1.5 on ping-pong; full trace 2)")
  const workload = fileURLToPath(new URL("workload.ts", import.meta.url))
  for (const name of ["ping-pong", "http"] as const) {
    using process_ = await MeasuredProcess.start(process.execPath, ["--conditions=@weft/source", workload, name])
    const times: Record<"nothing" | "flight recorder" | "trace" | "trace, every op", Array<number>> = {
      nothing: [],
      "flight recorder": [],
      trace: [],
      "trace, every op": [],
    }
    for (let i = 0; i < 3; i++) await process_.measure(operations[name])
    let dropped = 0
    const modes = Object.keys(times) as Array<keyof typeof times>
    for (let round = 0; round < rounds; round++)
      for (let i = 0; i < modes.length; i++) {
        // Who goes first changes: what goes after a collection is quicker.
        const mode = modes[(round + i) % modes.length]!
        if (mode === "nothing") {
          times[mode].push(await process_.measure(operations[name]))
          continue
        }
        await using attached = await attach(process_.pid)
        const ops = mode === "trace, every op"
        if (mode === "flight recorder") {
          await attached.record({ ops, bufferBytes: 4 << 20 }, () => undefined)
          times[mode].push(await process_.measure(operations[name]))
          continue
        }
        let last: Uint8Array = Buffer.alloc(0)
        const running = await attached.trace({ ops, bufferBytes: 64 << 20 }, (bytes) => void (last = bytes))
        times[mode].push(await process_.measure(operations[name]))
        await running.stop()
        dropped += (JSON.parse(Buffer.from(last.subarray(5)).toString()) as { dropped: number }).dropped
      }
    for (const [mode, values] of Object.entries(times))
      console.log(
        `  ${name.padEnd(10)} ${mode.padEnd(16)} ${median(values).toFixed(0).padStart(8)} ns   ratio ${ratio(values, times.nothing)}`,
      )
    if (dropped > 0) console.log(`  ${name.padEnd(10)} records dropped: ${dropped}`)
  }
}

async function goTracer(): Promise<void> {
  console.log("\nGo on the same ping-pong, GOMAXPROCS=1")
  const folder = mkdtempSync(join(tmpdir(), "weft-bench-go-"))
  try {
    const binary = join(folder, "traced")
    try {
      execFileSync("go", ["build", "-o", binary, "."], {
        cwd: fileURLToPath(new URL("go/", import.meta.url)),
        stdio: "pipe",
      })
    } catch {
      return console.log("  Go is absent: nothing to compare with")
    }
    using process_ = await MeasuredProcess.start(binary, [])
    const times: Record<"off" | "flight" | "trace", Array<number>> = { off: [], flight: [], trace: [] }
    await process_.measure("off")
    for (let round = 0; round < rounds; round++)
      for (const mode of ["off", "flight", "trace"] as const) times[mode].push(await process_.measure(mode))
    for (const [mode, values] of Object.entries(times))
      console.log(
        `  ${mode.padEnd(16)} ${median(values).toFixed(0).padStart(8)} ns   ratio ${ratio(values, times.off)}`,
      )
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function million(): Promise<void> {
  console.log(
    "\nA million goroutines that wait (targets: dump in 3 s, no pause over 100 ms; top at most 1 % of a core)",
  )
  const program = fileURLToPath(new URL("million.ts", import.meta.url))
  using process_ = await MeasuredProcess.start(process.execPath, ["--conditions=@weft/source", program])
  await using attached = await attach(process_.pid)
  for (let i = 0; i < 5; i++) {
    const { longestPauseMillis, threads, tookMillis } = await attached.dump()
    console.log(
      `  dump of ${threads[0]!.goroutines.length}: ${tookMillis.toFixed(0)} ms, longest pause ${longestPauseMillis.toFixed(1)} ms`,
    )
  }
  for (const live of [10_000, 100_000]) {
    using small = await MeasuredProcess.start(process.execPath, ["--conditions=@weft/source", program, String(live)])
    await using looked = await attach(small.pid)
    await looked.stats()
    const parts: Array<number> = []
    for (let i = 0; i < 10; i++) {
      const before = cpuMillis(small.pid)
      await new Promise((resolve) => setTimeout(resolve, 1000))
      await looked.stats()
      parts.push((cpuMillis(small.pid) - before) / 10)
    }
    console.log(`  top once a second on ${live}: ${median(parts).toFixed(2)} % of a core`)
  }
}

/** Of all its threads. */
function cpuMillis(pid: number): number {
  const ofThread = (thread: string) => readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]
  return readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => sum + Number(ofThread(thread)) / 1e6, 0)
}
