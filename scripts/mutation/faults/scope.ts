import type { Fault } from "../fault.ts"

const file = "core/src/scope.ts"
const joinAll = "core/src/join-all.ts"
const join = "core/src/join.ts"

export const scopeFaults: ReadonlyArray<Fault> = [
  {
    name: "scope: the last failure wins",
    file,
    find: "this.#failure ??= { error }",
    replace: "this.#failure = { error }",
    breaks: "the first failure is the scope's own",
  },
  {
    name: "scope: a failure cancels nobody",
    file,
    find: "this.#failure ??= { error }\n    this.#cancel()",
    replace: "this.#failure ??= { error }",
    breaks: "the first failure cancels all the others",
  },
  {
    name: "scope: ends with its body",
    file,
    find: "if (this.#children.size > 0) return",
    replace: "if (this.#children.size > 0 && child !== this.#bodyGoroutine) return",
    breaks: "goroutines started in a scope end before it does",
  },
  {
    name: "scope: a child started after the failure lives on",
    file,
    find: "if (this.#isCancelled) child.interrupt()",
    replace: "",
    breaks: "once a scope has failed, every child has been interrupted",
  },
  {
    name: "scope: a child can be started after its end",
    file,
    find: "if (this.#isOver)\n",
    replace: "if ((this.#isOver as unknown) === 0)\n",
    breaks: "no goroutine of a scope outlives it",
  },
  {
    name: "scope: swallows a second panic",
    file,
    find: "if ((this.#waiter === null || this.#failure !== undefined) && !isFailure(error)) this.#run.panicked(child, error)",
    replace: "",
    breaks: "a panic is never swallowed",
  },
  {
    name: "scope: a second failure is a panic",
    file,
    find: "this.#failure !== undefined) && !isFailure(error)) this.#run",
    replace: "this.#failure !== undefined)) this.#run",
    breaks: "a second typed failure is nobody's",
  },
  {
    name: "scope: a body that ends itself is waited for",
    file,
    find: "if (child === this.#bodyGoroutine && !this.#isCancelled) this.#fail(error)",
    replace: "",
    breaks: "a body that ended itself has no result to give",
  },
  {
    name: "scope: withdrawn, it doesn't wait for its children",
    file,
    find: "(this.#isOver ? waiter.commit(undefined) : this.#ended.push(waiter))",
    replace: "waiter.commit(undefined)",
    breaks: "a cancelled goroutine unwinds after the scope's goroutines",
  },
  {
    name: "scope: withdrawn, it cancels nobody",
    file,
    find: "    this.#waiter = null\n    this.#cancel()",
    replace: "    this.#waiter = null",
    breaks: "cancelling the waiting goroutine cancels all of the scope's",
  },
  {
    name: "scope: withdrawn, it commits all the same",
    file,
    find: "    this.#waiter = null\n    this.#cancel()",
    replace: "    this.#cancel()",
    breaks: "an op that was withdrawn commits nobody",
  },
  {
    name: "scope: in a select it is enqueued among the first",
    file,
    find: "override get startsWork(): boolean {\n    return true",
    replace: "override get startsWork(): boolean {\n    return false",
    breaks: "a select enqueues a scope last",
  },
  {
    name: "join-all: results in the order of their ends",
    file: joinAll,
    find: "results[i] = result",
    replace: "results[this.goroutines.length - left] = result",
    breaks: "results stand in the order of the goroutines",
  },
  {
    name: "join-all: settles twice",
    file: joinAll,
    find: "if (waiter.slot !== joiners) return",
    replace: "",
    breaks: "a waiter is committed or failed once",
  },
  {
    name: "join-all: ready with one less",
    file: joinAll,
    find: "if (--left === 0) settled",
    replace: "if (--left <= 1) settled",
    breaks: "it waits for all of them",
  },
  {
    name: "join-all: forgets to dequeue",
    file: joinAll,
    find: "this.goroutines[i]!.removeJoiner(joiner)",
    replace: "void [i, joiner]",
    breaks: "one that lost a select joins nobody",
  },
  {
    name: "join-all: looks at the first failure only",
    file: joinAll,
    find: "return void (failed ??= { error })",
    replace: "throw error",
    breaks: "whoever joins all has seen all their failures",
  },
  {
    name: "join: ready at once",
    file: join,
    find: "return this.goroutine.pollExit()",
    replace: "return this.goroutine.status === 'waiting' ? undefined : this.goroutine.pollExit()",
    breaks: "a join waits for the goroutine's end",
  },
]
