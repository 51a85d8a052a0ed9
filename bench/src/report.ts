/** Writes docs/benchmarks.md and its charts from a full run. */
import { mkdir, writeFile } from "node:fs/promises"
import { atOnceChart } from "./at-once-chart.ts"
import { chart } from "./chart.ts"
import type { Results } from "./results.ts"
import { besideGo, besideRivals, disturbance, forMarkdown, notes, onThreads, unmeasured } from "./table.ts"

const docs = new URL("../../docs/", import.meta.url)

export async function writeReport(results: Results): Promise<void> {
  await mkdir(docs, { recursive: true })
  if (results.machine.go !== undefined) await writeFile(new URL("benchmarks.svg", docs), chart(results))
  const atOnce = atOnceChart(results)
  if (atOnce !== undefined) await writeFile(new URL("benchmarks-at-once.svg", docs), atOnce)
  await writeFile(new URL("benchmarks.md", docs), page(results))
}

function page(results: Results): string {
  const { cpu, cores, memoryGiB, platform, node, v8, go } = results.machine
  const warning = disturbance(results)
  return `# Benchmarks

<!-- Written by \`npm run bench\`; change bench/src/report.ts instead. -->

![How long each operation takes in Weft, Go and its rivals, as a multiple of Go’s](benchmarks.svg)

Run them on your own machine with \`npm run bench\` (\`-- --quick\` takes about two minutes). Every program does the same work and proves
it with a checksum; contestants take turns in processes of their own, so a slow moment of the machine hits all of them; every
figure is a median, and a ratio is the median of the ratios of each round.

${results.date}, ${String(results.rounds)} rounds: ${cpu}, ${String(cores)} cores, ${String(memoryGiB)} GiB, ${platform};
Node ${node} (V8 ${v8}), ${go ?? "no Go"}.${warning === undefined ? "" : ` ${warning}`}

## Beside Go

${forMarkdown(besideGo(results))}

*In a busy process*: the same loop after all the other benchmarks have run in that process, so that the JIT has seen every kind of op
at every call site, as it has in a real program. *One op committed again and again*: \`select\` is called once and its op yielded in a
loop. *A generator function made for each*: \`go(function* () { … })\` in the loop, instead of \`go(body, …)\` with one body for all. V8
gives every generator function a map and a prototype of its own when it is first called, so name the body where you start thousands.

## Beside other libraries

${forMarkdown(besideRivals(results))}

## Tasks on threads

![What a task that does nothing costs by how many are held at once, from 1,000 to a million](benchmarks-at-once.svg)

A line that stays level is a cost that does not grow with the number of tasks. Weft's is a million tasks, so many of them at once; the
others' are from the questions of 1,000 and of 100,000 at once, and those beside 1,000 were asked for no more (the reasons are below).
Nobody else was asked for a million.

${forMarkdown(onThreads(results))}

## Where a program is missing or different

A dash: it can't be expressed. Where a program is not quite the same:

${[...notes(results), ...unmeasured(results)].map((note) => `- ${note}`).join("\n")}
`
}
