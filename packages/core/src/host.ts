/**
 * The host: everything Weft takes from Node, a browser, Deno or Bun, found by looking and never by importing.
 */

interface NodeLike {
  once?(event: string, listener: () => void): unknown
  off?(event: string, listener: () => void): unknown
  getBuiltinModule?(name: string): { readonly threadId?: number } | undefined
  getActiveResourcesInfo?(): ReadonlyArray<string>
}

const node = (globalThis as { process?: NodeLike }).process
const immediate = (globalThis as { setImmediate?: (f: () => void) => unknown }).setImmediate

export const monotonicNow = (): number => performance.now()
export const wallNow = (): number => Date.now()

type Timeout = ReturnType<typeof setTimeout>

export const startTimeout = (f: () => void, millis: number): Timeout => setTimeout(f, millis)
export const cancelTimeout = (timeout: Timeout): void => clearTimeout(timeout)

/**
 * A timer of the host's that does not keep the process alive, for those who write primitives: it goes by no virtual clock.
 *
 * @since 0.3.0
 */
export const startIdleTimeout = (f: () => void, millis: number): Timeout => idle(setTimeout(f, millis))

function idle(timeout: Timeout): Timeout {
  ;(timeout as { unref?: () => void }).unref?.()
  return timeout
}

// Looked up once: the testing kit itself goes by the host's own time where a test has put a fake in its place.
const startReal = setTimeout
const cancelReal = clearTimeout

export const realNow: () => number = performance.now.bind(performance)

/** Calls back before the host does anything else. */
export const afterThis: (f: () => void) => void = (f) => queueMicrotask(f)

/** Calls back after the host's event loop had its turn: I/O, timers, input. */
export const afterTurn: (f: () => void) => void = immediate === undefined ? messageTurn() : (f) => void immediate(f)

/** As much of a MessageChannel as is needed: sources must compile under Node's types as well as the web's. */
interface Messages {
  readonly port1: { onmessage: (() => void) | null }
  readonly port2: { postMessage(message: undefined): void }
}

/** A message to oneself: browsers put off nested timers by 4 ms, but not messages. */
function messageTurn(): (f: () => void) => void {
  let channel: Messages | undefined
  const pending: Array<() => void> = []
  return (f) => {
    if (channel === undefined) {
      channel = new MessageChannel() as unknown as Messages
      channel.port1.onmessage = () => pending.shift()?.()
    }
    pending.push(f)
    channel.port2.postMessage(undefined)
  }
}

/** Calls back each time the host has nothing left to do and would end (Node: `beforeExit`). Other hosts never do. */
export function onHostEmpty(f: () => void): () => void {
  node?.once?.("beforeExit", f)
  return () => node?.off?.("beforeExit", f)
}

/**
 * Calls back when this thread, or the process, ends by itself, by an uncaught error or by `process.exit`. Browsers never do, nor does one that is
 * terminated.
 *
 * @since 0.3.0
 */
export function onHostEnd(f: () => void): void {
  node?.once?.("exit", f)
}

/** What keeps the host alive, by kind; undefined where it does not tell. */
export type HostLoad = ReadonlyMap<string, number> | undefined

export function hostLoad(): HostLoad {
  if (node?.getActiveResourcesInfo === undefined) return undefined
  const probe = startReal(() => undefined, 1000)
  const kinds = node.getActiveResourcesInfo()
  cancelReal(probe)
  // A host that does not tell of the probe tells of nothing.
  if (!kinds.includes("Timeout")) return undefined
  const load = new Map([["Timeout", -1]])
  for (const kind of kinds) load.set(kind, (load.get(kind) ?? 0) + 1)
  return load
}

const looksPerIdle = 10
const millisPerLook = 100

/**
 * Calls back once the host has had nothing to do for a second: no timer, and nothing but what it had `before`, a test runner's pipes say.
 * Hosts that don't tell never call.
 */
export function onHostIdle(before: HostLoad, f: () => void): () => void {
  if (before === undefined) return () => undefined
  let quiet = 0
  const look = (): void => {
    const isBusy = [...(hostLoad() ?? [])].some(([kind, n]) => n > (timerKinds.has(kind) ? 0 : (before.get(kind) ?? 0)))
    quiet = isBusy ? 0 : quiet + 1
    if (quiet === looksPerIdle) f()
    else timeout = idle(startReal(look, millisPerLook))
  }
  let timeout = idle(startReal(look, millisPerLook))
  return () => cancelReal(timeout)
}

/** Those that were there before end by themselves. */
const timerKinds: ReadonlySet<string> = new Set(["Timeout", "Immediate"])

/** An error that nobody handles: the host's own rule for it applies (Node: `uncaughtException`). */
export function reportUncaught(error: unknown): void {
  const report = (globalThis as { reportError?: (error: unknown) => void }).reportError
  if (node?.once === undefined && report !== undefined) report(error)
  else
    queueMicrotask(() => {
      throw error
    })
}

export const warn = (message: string): void => {
  console.warn(message)
}

/** Random bits for the default scheduler's seed. */
export const randomSeed = (): number => Math.floor(Math.random() * 2 ** 32)

/** This thread's number among the host's, from 0 on; undefined where the host has none. */
export const hostThreadId = (): number | undefined => node?.getBuiltinModule?.("node:worker_threads")?.threadId

interface KeepAlive {
  ref?(): void
  unref?(): void
}

/** What lasts longer than any program: the longest interval that hosts take. */
const forEver = 2 ** 31 - 1
let keepAlive: KeepAlive | undefined
let kept = 0

/** Keeps the process up while another thread is waited for: that alone does not. Every call is undone by {@link letEnd}. */
export function keepUp(): void {
  if (kept++ > 0) return
  if (keepAlive === undefined) keepAlive = setInterval(() => undefined, forEver) as KeepAlive
  else keepAlive.ref?.()
}

export function letEnd(): void {
  if (--kept === 0) keepAlive?.unref?.()
}
