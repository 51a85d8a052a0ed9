import { execFileSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, it } from "vitest"
import { pprofProfile } from "../../src/export/pprof.ts"
import { lockTrace } from "./written-trace.ts"

it.skipIf(!hasGo())("is read by go tool pprof, waiting first, and the other values when asked", async () => {
  const folder = mkdtempSync(join(tmpdir(), "weft-pprof-"))
  const file = join(folder, "trace.pb.gz")
  try {
    writeFileSync(file, await pprofProfile(lockTrace().timeline()))
    const pprof = (...options: Array<string>) =>
      execFileSync("go", ["tool", "pprof", ...options, file], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      })
    expect(pprof("-top")).toMatch(/Type: waiting[^]*950ns\s+87\.96%.*sync\.Mutex\.Lock/)
    expect(pprof("-top", "-sample_index=running")).toMatch(/570ns.*holder/)
    expect(pprof("-traces")).toMatch(/950ns\s+sync\.Mutex\.Lock\n\s+locker/)
    expect(pprof("-top", "-lines")).toMatch(/locker.*b\.ts:2/)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

function hasGo(): boolean {
  try {
    execFileSync("go", ["version"], { stdio: "ignore" })
    return true
  } catch {
    return false
  }
}
