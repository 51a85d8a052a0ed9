/** Dumps by hand: what is left out is of no interest to the test. */
import type { GoroutineDump, ObjectDump, ProcessDump, ThreadDump } from "../../src/format/dump.ts"

export function aDump(
  goroutines: ReadonlyArray<GoroutineDump>,
  objects: ReadonlyArray<ObjectDump> = [],
  more: Partial<ProcessDump> = {},
): ProcessDump {
  return {
    pid: 4242,
    title: "node",
    argv: ["/usr/bin/node", "/srv/shop/server.ts"],
    runtime: "node 24.21.0",
    takenAt: "2026-11-27T12:00:00.000Z",
    uptimeSeconds: 3725,
    longestPauseMillis: 3.2,
    tookMillis: 12,
    inspectorOpenMillis: 21,
    threads: [aThread(goroutines, objects)],
    ...more,
  }
}

export function aThread(
  goroutines: ReadonlyArray<GoroutineDump>,
  objects: ReadonlyArray<ObjectDump> = [],
  more: Partial<ThreadDump> = {},
): ThreadDump {
  return {
    thread: 0,
    name: "main",
    heapUsedBytes: 12_345_678,
    utilization: 0.25,
    stacksTaken: goroutines.length,
    goroutines,
    objects,
    ...more,
  }
}

/** Runs, unless told otherwise. */
export function goroutine(id: number, more: Partial<GoroutineDump> = {}): GoroutineDump {
  return { id, name: "", isMain: false, status: "running", waitMillis: 0, stack: [], on: [], ...more }
}

/** Waits for one of `wakers`; undefined: for what anybody might do. */
export function waiting(
  id: number,
  reason: string,
  wakers: ReadonlyArray<number> | undefined,
  more: Partial<GoroutineDump> = {},
): GoroutineDump {
  const known = wakers === undefined ? {} : { wakers }
  return goroutine(id, { status: "waiting", reason, waitMillis: 60_000, ...known, ...more })
}

export function lock(id: number, owner: number): ObjectDump {
  return { id, kind: "sync.Mutex", owner }
}

/** Waits for a lock, held by `owner`. */
export function locking(id: number, object: number, owner: number, more: Partial<GoroutineDump> = {}): GoroutineDump {
  return waiting(id, "sync.Mutex.Lock", [owner], { on: [object], ...more })
}
