/** Which tests are likely to catch a fault of a file: those named after it, and these. */
import { basename } from "node:path"

const also: Readonly<Record<string, ReadonlyArray<string>>> = {
  "core/src/body.ts": ["go.test", "run.test"],
  "core/src/clock.ts": ["clock", "processor", "timer-heap"],
  "core/src/context.ts": [
    "context-context-test",
    "context-x-test",
    "from-abort-signal",
    "channels/test/go/context-example",
  ],
  "core/src/context-node.ts": ["context", "from-abort-signal", "channels/test/go/context-example"],
  "core/src/deadlock.ts": ["deadlock", "sync/test/programs/deadlock"],
  "core/src/deadlock-watch.ts": ["deadlock", "process.node"],
  "core/src/delayed-start.ts": ["context", "starter", "channels/src/timer.", "channels/test/go/time-sleep"],
  "core/src/failure.ts": ["op.test", "goroutine.test", "run.test"],
  "core/src/go.ts": ["deadlock.test"],
  "core/src/goroutine.ts": ["goroutine", "go.test", "run.test", "run-cleanup", "op.test", "from-effect", "join-all"],
  "core/src/gosched.ts": ["goroutine", "go.test", "processor"],
  "core/src/join-all.ts": ["run-cleanup"],
  "core/src/from-effect.ts": ["op.test", "run-cleanup"],
  "core/src/from-promise.ts": ["op.test"],
  "core/src/scope.ts": ["op.test"],
  "core/src/join.ts": ["goroutine.test", "go.test"],
  "core/src/hold.ts": ["deadlock", "process.node"],
  "core/src/op.ts": ["op.test", "op-in-effect", "goroutine"],
  "core/src/op-in-effect.ts": ["op-in-effect", "goroutine-interrupt"],
  "core/src/op-make.ts": ["op.test", "op-in-effect", "goroutine-interrupt"],
  "core/src/processor.ts": [
    "processor",
    "process.node",
    "deadlock",
    "virtual-clock",
    "op-in-effect",
    "goroutine-interrupt",
  ],
  "core/src/invalid-option.ts": ["run-options", "synctest"],
  "core/src/current-run.ts": ["run", "scope", "op-in-effect"],
  "core/src/run-main.ts": ["run", "load-without"],
  "core/src/run.ts": [
    "run",
    "goroutine",
    "plugin",
    "deadlock",
    "runtime-crash-test",
    "devtools/src/agent/parked-apart",
  ],
  "core/src/sleep.ts": ["op.test", "goroutine", "timer", "channels/test/go/time-sleep"],
  "core/src/snapshot.ts": ["deadlock"],
  "core/src/start-site.ts": ["deadlock", "run.test", "go.test"],
  "core/src/starter.ts": ["starter", "channels/src/select-starters"],
  "core/src/wait-word.ts": [
    "sync/test/shared/",
    "channels/src/shared/",
    "sync/test/atomics/",
    "channels/test/atomics/",
  ],
  "core/src/testing/shadow.ts": ["testing/shadow"],
  "core/src/testing/vector-clocks.ts": ["testing/vector-clocks", "testing/shadow"],
  "core/src/testing/explored-processor.ts": ["testing/", "explore/op.test", "explore/scope", "explore/context"],
  "core/src/testing/fairness.ts": ["testing/", "explore/op.test", "explore/scope"],
  "core/src/testing/schedules.ts": ["testing/explore", "testing/shrink", "core/test/explore/reduction"],
  "core/src/testing/strategy/exhaustive.ts": ["testing/explore", "core/test/explore/reduction"],
  "core/src/testing/strategy/steps.ts": ["strategy/exhaustive", "testing/explore", "core/test/explore/reduction"],
  "core/src/testing/strategy/pct.ts": ["testing/explore", "testing/shrink"],
  "core/src/testing/strategy/random.ts": ["testing/explore", "testing/shrink"],
  "core/src/testing/strategy/replay.ts": ["testing/explore", "testing/shrink"],
  "core/src/testing/strategy/follow.ts": ["testing/explore", "testing/shrink"],
  "core/src/testing/strategy/in-order.ts": ["testing/"],
  "core/src/testing/processes.ts": ["testing/", "explore/"],
  "channels/src/channel.ts": ["channel", "chan", "select", "model"],
  "channels/src/closed.ts": ["channel", "chan"],
  "channels/src/flow.ts": ["flow", "combinators/", "bridges/"],
  "channels/src/receive.ts": ["receive", "channel", "select.test"],
  "channels/src/receiver.ts": ["channel.test", "nil"],
  "channels/src/send.ts": ["send", "channel", "select.test"],
  "channels/src/select.ts": ["select"],
  "channels/src/select-wait.ts": ["select", "programs/refused", "shared/shared-rendezvous", "stress/shared-channel"],
  "channels/src/tick.ts": ["tick"],
  "channels/src/ticker.ts": ["tick"],
  "channels/src/timer.ts": ["timer", "time-sleep"],
  "channels/src/timer-channel.ts": ["timer", "tick", "time-sleep"],
  "channels/src/buffer/ring.ts": ["ring", "model"],
  "channels/src/flavors/buffered.ts": [
    "select-starters",
    "give-back",
    "buffered",
    "channel.test",
    "model",
    "test-chan",
    "workers/src/channels/credits",
  ],
  "channels/src/flavors/rendezvous.ts": [
    "select-starters",
    "give-back",
    "rendezvous",
    "channel.test",
    "model",
    "test-chan",
  ],
  "channels/src/combinators/send-to-any.ts": ["fan-out", "broadcast"],
  "channels/src/combinators/call.ts": ["map", "filter", "pipeline"],
  "sync/src/atomics/atomic-bool.ts": ["atomics."],
  "sync/src/atomics/atomic-float64.ts": ["atomics."],
  "sync/src/atomics/atomic-word.ts": ["atomic-"],
  "sync/src/barrier.ts": ["barrier"],
  "sync/src/error-group.ts": ["errgroup"],
  "sync/src/body-op.ts": ["mutex.test", "semaphore.test"],
  "sync/src/cond.ts": ["cond", "test/select/locks"],
  "sync/src/guard.ts": ["mutex.test", "cond.test", "semaphore.test"],
  "sync/src/latch.ts": ["latch"],
  "sync/src/mutex.ts": ["mutex", "cond.test", "test/select/locks"],
  "sync/src/once.ts": ["once"],
  "sync/src/once-call.ts": ["once"],
  "sync/src/once-value.ts": ["once"],
  "sync/src/rate-limiter.ts": ["rate-"],
  "sync/src/relocking.ts": ["cond.test"],
  "sync/src/rw-mutex.ts": ["rw-mutex", "rwmutex", "test/select/locks"],
  "sync/src/semaphore.ts": ["semaphore", "every-wait"],
  "sync/src/shared/shared-mutex.ts": ["sync/test/shared/"],
  "sync/src/shared/rw-word.ts": ["shared-rw-mutex", "sync/test/shared/"],
  "sync/src/shared/shared-rw-mutex.ts": ["sync/test/shared/"],
  "sync/src/shared/shared-wait-group.ts": ["sync/test/shared/"],
  "sync/src/shared/round-word.ts": [
    "sync/src/shared/shared-wait-group",
    "sync/src/shared/shared-barrier",
    "sync/test/shared/",
    "atomics/shared-wait-group",
  ],
  "sync/src/shared/shared-semaphore.ts": ["sync/test/shared/"],
  "sync/src/shared/shared-once.ts": ["sync/test/shared/"],
  "sync/src/shared/shared-cond.ts": ["sync/test/shared/"],
  "sync/src/shared/event-count.ts": ["sync/test/shared/shared-cond", "atomics/shared-cond"],
  "sync/src/shared/notify-list.ts": ["sync/test/shared/shared-cond", "atomics/shared-cond"],
  "sync/src/shared/shared-barrier.ts": ["sync/test/shared/", "sync/test/atomics/shared-wait-group"],
  "sync/src/shared/claimable-word.ts": [
    "sync/src/shared/",
    "sync/test/shared/",
    "atomics/shared-mutex",
    "atomics/shared-semaphore",
    "atomics/shared-rw-mutex",
  ],
  "sync/src/shared/shared-handle.ts": ["sync/src/shared/", "sync/test/shared/"],
  "sync/src/shared/holds.ts": [
    "sync/src/shared/",
    "sync/test/shared/",
    "atomics/shared-mutex",
    "atomics/shared-rw-mutex",
  ],
  "sync/src/single-flight.ts": ["singleflight"],
  "sync/src/token-bucket.ts": ["rate-"],
  "sync/src/turns.ts": ["cond.test", "mutex.test"],
  "sync/src/with-lock.ts": ["mutex.test", "rw-mutex.test"],
  "channels/src/shared/codec.ts": ["codecs.test"],
  "channels/src/shared/shared-ring.ts": ["shared/", "shared-channel"],
  "channels/src/shared/ring-lots.ts": ["shared/", "shared-channel"],
  "channels/src/shared/shared-rendezvous.ts": ["shared/", "shared-channel", "programs/refused"],
  "channels/src/shared/ring-layout.ts": ["shared/", "shared-channel"],
  "channels/src/shared/shared-chan.ts": ["shared/", "shared-channel"],
  "channels/src/combinators/select-of.ts": ["merge", "fan-out"],
  "workers/src/admission.ts": ["pool.test", "withdrawn", "nested-pool"],
  "workers/src/control.ts": ["atomics/claims", "crash"],
  "workers/src/relay.ts": ["nested-pool"],
  "workers/src/carry/shared.ts": ["nested-pool", "crash"],
  "workers/src/channels/claims.ts": ["remote-channel", "atomics/claims", "channels.test"],
  "workers/src/channels/credits.ts": ["test/channels.test"],
  "workers/src/channels/home.ts": ["channels/credits", "test/channels.test", "held-channels"],
  "workers/src/channels/hub.ts": ["channels/credits", "test/channels.test", "nested-pool"],
  "workers/src/channels/remote-channel.ts": ["channels/credits", "test/channels.test", "held-channels"],
  "devtools/src/analysis/knots.ts": ["analysis/wait-graph"],
  "devtools/src/analysis/wait-graph.ts": ["analysis/contention"],
  "devtools/src/agent/leaks.ts": ["devtools/test/attach/attach", "devtools/test/cli/"],
  "devtools/src/agent/parked-apart.ts": ["devtools/test/attach/attach", "devtools/test/cli/"],
}

/** Core imports none of the others, and none of them imports devtools: they can't notice what is wrong there. */
const unaffected = (folder: string, test: string): boolean =>
  folder === "devtools" || (folder !== "core" && test.startsWith("packages/core/"))

/**
 * The likely tests, the one that noticed last time before them; then those of them that take long, the rest of the file's package and the other
 * packages'.
 */
export function stagesFor(file: string, all: Tests, catcher: string | undefined): Stages {
  const [folder] = file.split("/", 1) as [string]
  const own = new RegExp(`/${basename(file, ".ts")}[.-]`)
  const words = also[file] ?? []
  const inPackage = (test: string) => test.startsWith(`packages/${folder}/`)
  // Not the package's name: "/chan" is in "/channels".
  const pathIn = (test: string) => test.slice(`packages/${folder}`.length)
  const isLikely = (test: string) =>
    (inPackage(test) && own.test(test)) ||
    words.some((word) =>
      word.includes("/") ? test.includes(word) : inPackage(test) && pathIn(test).includes(`/${word}`),
    )
  const first = all.files.filter((test) => test === catcher)
  const likely = all.files.filter((test) => test !== catcher && isLikely(test))
  const rest = all.files.filter((test) => test !== catcher && inPackage(test) && !likely.includes(test))
  const others = all.files.filter((test) => test !== catcher && !inPackage(test) && !unaffected(folder, test))
  const quick = (files: ReadonlyArray<string>): Stage => ({ files, tags: "!long" })
  const long = (files: ReadonlyArray<string>): Stage => ({
    files: files.filter((test) => all.long.has(test)),
    tags: "long",
  })
  return {
    likely: [{ files: first, tags: undefined }, ...quickFirst(likely).map(quick)],
    others: [long(likely), ...quickFirst(rest).map(quick), quick(others), long(rest), long(others)],
  }
}

/** Those beside the code, then what runs a program or two, then explorations: most faults need no more than the first. */
function quickFirst(tests: ReadonlyArray<string>): ReadonlyArray<ReadonlyArray<string>> {
  const beside = tests.filter((test) => test.includes("/src/"))
  const explorations = tests.filter((test) => /\/test\/(explore|linearizable|atomics|stress)\//.test(test))
  return [beside, tests.filter((test) => !beside.includes(test) && !explorations.includes(test)), explorations]
}

export interface Tests {
  readonly files: ReadonlyArray<string>
  /** Those in which some take long. */
  readonly long: ReadonlySet<string>
}

/** Undefined: whether they take long or not. */
export type Tags = "long" | "!long" | undefined

export interface Stage {
  readonly files: ReadonlyArray<string>
  readonly tags: Tags
}

export interface Stages {
  readonly likely: ReadonlyArray<Stage>
  readonly others: ReadonlyArray<Stage>
}
