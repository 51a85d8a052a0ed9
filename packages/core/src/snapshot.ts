import type { Goroutine } from "./goroutine.ts"
import type { GoroutineStatus } from "./goroutine-status.ts"
import { ownFrames } from "./start-site.ts"

/**
 * What a goroutine was doing when it was asked: plain data that keeps nothing alive.
 *
 * @since 0.1.0
 */
export interface GoroutineSnapshot {
  readonly id: number
  readonly name: string
  readonly isMain: boolean
  readonly status: GoroutineStatus
  /** In Go's words; undefined unless waiting. */
  readonly waitReason: string | undefined
  readonly waitDetail: string | undefined
  readonly waitMillis: number
  /** "name (file:line:column)", innermost first; empty unless waiting. */
  readonly waitsAt: ReadonlyArray<string>
  /** Where it was started; undefined if that was not captured (see `run`'s `debug`). */
  readonly startedAt: string | undefined
  /** The number of the goroutine that started it; 0 if none did. */
  readonly parentId: number
}

export function snapshotOf(goroutine: Goroutine): GoroutineSnapshot {
  return {
    id: goroutine.id,
    name: goroutine.name,
    isMain: goroutine.isMain,
    status: goroutine.status,
    waitReason: goroutine.waitReason,
    waitDetail: goroutine.waitDetail,
    waitMillis: goroutine.waitMillis,
    waitsAt: ownFrames(goroutine.waitStack),
    startedAt: goroutine.startedAt === undefined ? undefined : ownFrames(goroutine.startedAt)[0],
    parentId: goroutine.parentId,
  }
}

const listed = 100

/** Lists goroutines as Go's tracebacks do, main first. */
export function formatGoroutines(goroutines: ReadonlyArray<GoroutineSnapshot>): string {
  const ordered = [...goroutines].sort((a, b) => Number(b.isMain) - Number(a.isMain) || a.id - b.id)
  const parts = ordered.slice(0, listed).map(formatGoroutine)
  if (ordered.length > listed) parts.push(`... and ${ordered.length - listed} more goroutines`)
  return parts.join("\n\n")
}

function formatGoroutine(goroutine: GoroutineSnapshot): string {
  const name = goroutine.isMain
    ? goroutine.name === "" || goroutine.name === "main"
      ? "main"
      : `main ${goroutine.name}`
    : goroutine.name
  const state = goroutine.waitReason ?? goroutine.status
  const lines = [`goroutine ${goroutine.id} [${state}${age(goroutine.waitMillis)}]:${name === "" ? "" : ` ${name}`}`]
  if (goroutine.waitDetail !== undefined) lines.push(`    waits for ${goroutine.waitDetail}`)
  for (const frame of goroutine.waitsAt) lines.push(`    at ${frame}`)
  if (!goroutine.isMain && goroutine.startedAt !== undefined) lines.push(`  started at ${goroutine.startedAt}`)
  else if (goroutine.parentId > 0) lines.push(`  started by goroutine ${goroutine.parentId}`)
  return lines.join("\n")
}

function age(millis: number): string {
  if (millis < 1000) return ""
  const seconds = Math.floor(millis / 1000)
  return seconds < 120 ? `, ${seconds} s` : `, ${Math.floor(seconds / 60)} minutes`
}
