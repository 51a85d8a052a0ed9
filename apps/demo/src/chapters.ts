/** The table of contents: what each chapter is called, what it says in plain words, and the program itself. */
import { main as across } from "./chapters/across.ts"
import { main as atomic } from "./chapters/atomic.ts"
import { main as barrier } from "./chapters/barrier.ts"
import { main as blocking } from "./chapters/blocking.ts"
import { main as buffered } from "./chapters/buffered.ts"
import { main as cancel } from "./chapters/cancel.ts"
import { main as channels } from "./chapters/channels.ts"
import { main as cond } from "./chapters/cond.ts"
import { main as crash } from "./chapters/crash.ts"
import { main as daisyChain } from "./chapters/daisy-chain.ts"
import { main as deadlock } from "./chapters/deadlock.ts"
import { main as kernelThreads } from "./chapters/kernel-threads.ts"
import { main as leak } from "./chapters/leak.ts"
import { main as million } from "./chapters/million.ts"
import { main as mutex } from "./chapters/mutex.ts"
import { main as nonBlocking } from "./chapters/non-blocking.ts"
import { main as once } from "./chapters/once.ts"
import { main as parallel } from "./chapters/parallel.ts"
import { main as pipeline } from "./chapters/pipeline.ts"
import { main as race } from "./chapters/race.ts"
import { main as rateLimit } from "./chapters/rate-limit.ts"
import { main as reuse } from "./chapters/reuse.ts"
import { main as select } from "./chapters/select.ts"
import { main as semaphore } from "./chapters/semaphore.ts"
import { main as threadPool } from "./chapters/thread-pool.ts"
import { main as threads } from "./chapters/threads.ts"
import { main as ticker } from "./chapters/ticker.ts"
import { main as timeouts } from "./chapters/timeouts.ts"
import { main as waitGroup } from "./chapters/wait-group.ts"
import { main as workerPool } from "./chapters/worker-pool.ts"
import type { Stage } from "./stage.ts"

export interface Chapter {
  /** What one types; also the name of its file. */
  readonly name: string
  readonly title: string
  /** For somebody who knows threads and async, but not Go. */
  readonly about: string
  readonly main: (stage: Stage) => Promise<void>
  /** It retells a Go program, which stands beside it as `<name>.go`. */
  readonly retells?: true
  /** It measures memory, so it gets a process of its own. */
  readonly measures?: true
}

export const chapters: ReadonlyArray<Chapter> = [
  {
    name: "channels",
    title: "Channels version",
    about: "A goroutine per URL fetches JSON and sends it through a channel. Main prints when all have come.",
    main: channels,
  },
  {
    name: "wait-group",
    title: "WaitGroup version",
    about: "The same job, counted: wg.go adds one, its end takes one away, and main goes on at zero.",
    main: waitGroup,
  },
  {
    name: "deadlock",
    title: "As printed, with channels",
    about: "The article's own program. Everybody waits for somebody else, for ever, and Weft says who waits where.",
    main: deadlock,
    retells: true,
  },
  {
    name: "leak",
    title: "As printed, with a WaitGroup",
    about: "The article's own program. It prints and it ends, but one goroutine still waits, and Weft names it.",
    main: leak,
    retells: true,
  },
  {
    name: "threads",
    title: "Threads against goroutines",
    about:
      "A goroutine is a function that can wait, not a thread: measured here, on this machine, one beside the other.",
    main: threads,
    measures: true,
  },
  {
    name: "buffered",
    title: "Buffered and unbuffered",
    about:
      "A channel hands over: the sender waits for a receiver. A buffer lets it run ahead, until the buffer is full.",
    main: buffered,
  },
  {
    name: "reuse",
    title: "Reusing a WaitGroup",
    about: "A WaitGroup is a counter one can wait on. Back at zero, it is as good as new.",
    main: reuse,
  },
  {
    name: "select",
    title: "Select",
    about: "Wait for several things at once and take exactly one. In Weft a case is anything that can be waited for.",
    main: select,
  },
  {
    name: "non-blocking",
    title: "Non-blocking operations",
    about: "Take it if it is there, else go on: the same operations, without the waiting.",
    main: nonBlocking,
  },
  {
    name: "timeouts",
    title: "Timeouts",
    about: "A timer is a channel too, so a timeout is one more case. A context's deadline aborts the request as well.",
    main: timeouts,
  },
  {
    name: "worker-pool",
    title: "Worker pool",
    about:
      "Three goroutines share a channel of jobs. Whoever is free takes the next, so no more than three run at once.",
    main: workerPool,
  },
  {
    name: "ticker",
    title: "Ticker",
    about: "A channel that says when it is time. A receiver that is late finds one tick, not a pile of them.",
    main: ticker,
  },
  {
    name: "rate-limit",
    title: "Rate limiting",
    about: "A request costs a token. The buffer has three saved up, the ticker adds one every 100 ms.",
    main: rateLimit,
  },
  {
    name: "cancel",
    title: "Cancellation by context",
    about: "Cancel a context and all that was started under it stops, the requests on the wire included.",
    main: cancel,
  },
  {
    name: "pipeline",
    title: "Pipelines, fan-out and fan-in",
    about: "Each stage reads one channel and writes another. Several read the same one, and the results are merged.",
    main: pipeline,
  },
  {
    name: "daisy-chain",
    title: "Daisy chain",
    about: "A hundred thousand goroutines in a line, joined by channels. A number goes through all of them.",
    main: daisyChain,
  },
  {
    name: "mutex",
    title: "Mutexes",
    about: "A lock for what must hold while one waits. It is an op too: give up on it after a while, in a select.",
    main: mutex,
  },
  {
    name: "once",
    title: "Once",
    about: "However many ask for it at the same time, it is done once, and all of them wait for that.",
    main: once,
  },
  {
    name: "cond",
    title: "Condition variables",
    about: "Wait until something is true of what a lock guards. Here: a shelf that is full, and one that is empty.",
    main: cond,
  },
  {
    name: "semaphore",
    title: "Semaphores",
    about: "So many permits, and whoever has none waits. First come, first served, also where one wants several.",
    main: semaphore,
  },
  {
    name: "barrier",
    title: "Barriers and latches",
    about: "Nobody goes on before all have come: round after round by a Barrier, once by a Latch.",
    main: barrier,
  },
  {
    name: "race",
    title: "A race, found and mended",
    about:
      "Two draw on one account at the same time. A thousand runs go well, and it is wrong all the same: explore tries every order, shows the one that fails, and proves the fix.",
    main: race,
  },
  {
    name: "atomic",
    title: "Counting on two threads",
    about:
      "Two real threads add to one number in shared memory. With words[0]++ they lose updates, live; with an AtomicInt32 they lose none.",
    main: atomic,
  },
  {
    name: "kernel-threads",
    title: "User space against the kernel",
    about:
      "A thread is made, switched and kept by the kernel, a goroutine by the program itself. What that comes to, in figures of this machine.",
    main: kernelThreads,
    measures: true,
  },
  {
    name: "thread-pool",
    title: "Worker pool on threads",
    about:
      "The jobs compute now, so the workers are kernel threads: three of them, and whichever is free takes the next job.",
    main: threadPool,
  },
  {
    name: "across",
    title: "Channels across threads",
    about:
      "Two threads send, this one selects, and one context ends all three. Channels and contexts go along as arguments, and work on both sides.",
    main: across,
  },
  {
    name: "parallel",
    title: "Parallel map",
    about:
      "A loop of which every core takes its share: the same results in the same order, sooner. Timed beside the same loop here.",
    main: parallel,
  },
  {
    name: "blocking",
    title: "A call that blocks",
    about: "A goroutine that waits stops nobody. A synchronous call stops all of them, unless it is given a thread.",
    main: blocking,
  },
  {
    name: "crash",
    title: "Crash and recovery",
    about:
      "A thread may die. Its tasks fail with WorkerCrashed or run again, another thread takes its place, and the pool goes on.",
    main: crash,
  },
  {
    name: "million",
    title: "One million goroutines",
    about: "All parked on one channel at the same time. Memory is measured, then closing the channel wakes them all.",
    main: million,
    measures: true,
  },
]
