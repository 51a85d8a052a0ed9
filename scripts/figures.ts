/**
 * Figures in the pages, from the last full run of the benchmarks, so that no page tells another story than docs/benchmarks.md.
 *
 * A figure stands between two comments, the first of which says which it is:
 *   <!--ping-pong/go-1-->0.72<!---->    what Weft takes, divided by what Go with GOMAXPROCS=1 takes, by the median of the rounds
 *   <!--effect/ping-pong-->15<!---->    what Effect takes, divided by what Weft takes
 *   <!--ping-pong-->190<!---->          what Weft takes, in nanoseconds, or bytes; <!--effect:ping-pong-->: what Effect takes
 *   <!--ping-pong.us-->0.19<!---->      in microseconds, .ms milliseconds, .MB megabytes
 *
 * `npx node scripts/figures.ts` brings them up to date; scripts/docs.node.test.ts fails while they are not.
 */
import { globSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"

const root = join(import.meta.dirname, "..")

interface Row {
  readonly question: string
  readonly figures: Readonly<Record<string, { readonly median: number; readonly toGo?: { readonly median: number } }>>
}

const latest = JSON.parse(readFileSync(join(root, "bench/results/latest.json"), "utf8")) as {
  readonly rows: ReadonlyArray<Row>
}

export function withFigures(text: string): string {
  return text.replaceAll(/<!--([\w:./-]+)-->[^<]*<!---->/g, (_, name: string) => `<!--${name}-->${figure(name)}<!---->`)
}

function figure(name: string): string {
  const toGo = /^(.+)\/go-1$/.exec(name)?.[1]
  if (toGo !== undefined) return ratio(of(toGo, "weft").toGo?.median ?? NaN)
  const [rival, question] = name.split("/") as [string, string | undefined]
  if (question !== undefined) return ratio(of(question, rival).median / of(question, "weft").median)
  const [, inUnits, unit] = /^(.+)\.(us|ms|MB)$/.exec(name) ?? []
  const plain = inUnits ?? name
  const [contestant, asked] = plain.includes(":") ? (plain.split(":") as [string, string]) : ["weft", plain]
  const { median } = of(asked, contestant)
  return unit === undefined ? Math.round(median).toLocaleString("en") : ratio(median / (unit === "us" ? 1e3 : 1e6))
}

function of(question: string, contestant: string): Row["figures"][string] {
  const found = latest.rows.find((row) => row.question === question)?.figures[contestant]
  if (found === undefined) throw new Error(`bench/results/latest.json has no figure of ${contestant} for ${question}`)
  return found
}

function ratio(n: number): string {
  return n >= 10 ? n.toFixed(0) : n >= 1 ? n.toFixed(1) : n.toFixed(2)
}

if (import.meta.main) {
  for (const page of globSync(["*.md", "docs/*.md", "packages/*/README.md"], { cwd: root })) {
    const text = readFileSync(join(root, page), "utf8")
    const current = withFigures(text)
    if (current !== text) writeFileSync(join(root, page), current)
  }
}
