/** `--profile`: runs Weft's program for one question under V8's sampling profiler and says where the time went. */
import { execFile } from "node:child_process"
import { mkdir, readFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { nodeFlags } from "./turn.ts"

interface CpuProfile {
  readonly nodes: ReadonlyArray<{ readonly id: number; readonly callFrame: CallFrame }>
  readonly samples: ReadonlyArray<number>
  readonly timeDeltas: ReadonlyArray<number>
}

interface CallFrame {
  readonly functionName: string
  readonly url: string
  readonly lineNumber: number
}

const results = new URL("../results/", import.meta.url)
const root = new URL("../../", import.meta.url).href

export async function profile(question: string): Promise<void> {
  await mkdir(results, { recursive: true })
  const name = `${question}.cpuprofile`
  const flags = [
    "--cpu-prof",
    "--cpu-prof-interval=200",
    `--cpu-prof-dir=${fileURLToPath(results)}`,
    `--cpu-prof-name=${name}`,
  ]
  const child = fileURLToPath(new URL("./child.ts", import.meta.url))
  await promisify(execFile)(process.execPath, [...nodeFlags, ...flags, child, "weft", question, "2000", "5"])
  const recorded = JSON.parse(await readFile(new URL(name, results), "utf8")) as CpuProfile
  console.log(`bench/results/${name} opens in Chrome's or VS Code's profiler. Self time of Weft at ${question}:\n`)
  for (const [place, share] of selfTime(recorded).slice(0, 20)) {
    console.log(`${(share * 100).toFixed(1).padStart(6)} %  ${place}`)
  }
}

/** Function and place, with its share of all samples, most first. */
function selfTime(profile: CpuProfile): ReadonlyArray<readonly [string, number]> {
  const places = new Map(profile.nodes.map((node) => [node.id, describe(node.callFrame)]))
  const micros = new Map<string, number>()
  let all = 0
  for (const [i, id] of profile.samples.entries()) {
    const place = places.get(id)
    const delta = profile.timeDeltas[i] ?? 0
    if (place === undefined || place === "(idle)") continue
    micros.set(place, (micros.get(place) ?? 0) + delta)
    all += delta
  }
  return [...micros].map(([place, own]) => [place, own / all] as const).sort((a, b) => b[1] - a[1])
}

function describe({ functionName, url, lineNumber }: CallFrame): string {
  const place = url === "" ? "" : `  ${url.replace(root, "")}:${String(lineNumber + 1)}`
  return (functionName === "" ? "(anonymous)" : functionName) + place
}
