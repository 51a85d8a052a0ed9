import { cpuShare, createdPerSecond } from "../../analysis/rates.ts"
import { namesOfSilent } from "../../format/silent-thread.ts"
import type { ProcessStats } from "../../format/stats.ts"
import { bold, dim, fit, padEnd, padStart, red, widthOf, yellow } from "../text/paint.ts"
import { age, bytes, count, number, percent, uptime } from "../text/quantity.ts"
import type { TopView } from "./top-text.ts"

const mostThreads = 8

/** Lines about the process, and one for each thread. */
export function topSummary(view: TopView): Array<string> {
  const facts = processFacts(view)
  const title = fit(view.title, Math.max(10, view.columns - widthOf(facts)))
  return [bold(title) + facts, goroutineFacts(view), ...threadLines(view.stats)]
}

export function summaryLines({ threads }: ProcessStats): number {
  return 2 + Math.min(mostThreads + 1, threads.length)
}

function processFacts({ before, ended, state, stats }: TopView): string {
  const cpu = before && cpuShare(stats, before)
  const facts = [
    `${dim("process")} ${stats.pid}`,
    `${dim("up")} ${uptime(stats.uptimeSeconds)}`,
    `${dim("cpu")} ${cpu === undefined ? "-" : percent(cpu)}`,
    `${dim("memory")} ${bytes(stats.rssBytes)}`,
  ]
  // First, as a narrow screen cuts the line.
  if (ended !== undefined) facts.unshift(red(bold(ended.toUpperCase())))
  else if (state.isPaused) facts.unshift(yellow(bold("PAUSED")))
  return facts.map((fact) => `  ${fact}`).join("")
}

function goroutineFacts({ before, stats }: TopView): string {
  const live = count(sum(stats, "live"), "goroutine")
  const states = (["running", "runnable", "waiting"] as const).map((state) => `${number(sum(stats, state))} ${state}`)
  const created = before && createdPerSecond(stats, before)
  const started = created === undefined ? "" : `  ${dim("started")} ${number(created)}/s`
  return `${live}: ${states.join(", ")}${started}`
}

function threadLines({ silent, silentThreads = 0, threads }: ProcessStats): Array<string> {
  const widest = Math.max(...threads.map(({ name }) => widthOf(name)))
  const lines = threads.slice(0, mostThreads).map((thread) => {
    const busy = padStart(percent(thread.utilization), 5)
    const late = padStart(age(thread.loopDelayMillis), 5)
    const facts = [
      padEnd(thread.name, widest),
      `${dim("busy")} ${thread.utilization >= 0.9 ? red(busy) : busy}`,
      `${dim("loop late")} ${thread.loopDelayMillis >= 100 ? red(late) : late}`,
      `${dim("heap")} ${padStart(bytes(thread.heapUsedBytes), 6)}`,
      count(thread.live, "goroutine"),
    ]
    return `  ${facts.join("  ")}`
  })
  const hidden = threads.length - mostThreads
  if (silentThreads > 0)
    lines.unshift(
      red(`  ${namesOfSilent(silentThreads, silent)} did not answer: busy, and never giving way to the event loop`),
    )
  if (hidden > 0) lines.push(dim(`  and ${count(hidden, "more thread")}`))
  return lines
}

function sum({ threads }: ProcessStats, of: "live" | "running" | "runnable" | "waiting"): number {
  return threads.reduce((all, thread) => all + thread[of], 0)
}
