/**
 * Runs the very sources of shared-memory primitives under `explore`, with a choice point before every single atomic access.
 *
 * The sources are rewritten as they are loaded: every `Atomics.load(...)` and its like becomes an op of the explored memory, and every
 * function from which one is reached becomes a generator that is delegated to. So what is explored is what ships, not a model of it; but for the
 * select, which is modelled below.
 *
 * Threads are simulated. A thread runs one synchronous section at a time, as JavaScript does, while other threads' accesses come between
 * its own; `notify` makes the woken thread's callback a section of its own.
 */
import { readdirSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import * as core from "@weft/core"
import { go, type Goroutine, made, NotReady, Op, Waiter, WaitList } from "@weft/core"
import ts from "typescript"
import { NotCancelled } from "../../src/goroutine-status.ts"

type Steps<A> = Generator<Op<unknown>, A, unknown>

// ---- loading

/**
 * Loads `file`, or several, and what it imports by relative paths; answers the exports, whose stepping functions are generators. As they are
 * it has core, and the modules of `others`, under the paths that they are imported by. `sizes` replaces constants, by name, by smaller ones.
 */
export function loadStepping(
  file: string | ReadonlyArray<string>,
  others: Readonly<Record<string, unknown>>,
  sizes: Readonly<Record<string, number>> = {},
): Record<string, unknown> {
  const loader = new Loader(others, sizes)
  return Object.assign({}, ...[file].flat().map((each) => loader.load(each))) as Record<string, unknown>
}

const coreSources = join(import.meta.dirname, "../../src")
/** Of core it is these that reach atomics; of everything else the real ones serve. */
const steppingCore = ["wait-word"]

class Loader {
  readonly #sources = new Map<string, ts.SourceFile>()
  readonly #modules = new Map<string, Record<string, unknown>>()
  /** Who is committed or failed may step: a select withdraws its other cases. */
  readonly #stepping = new Set(["waitFor", "commit", "fail", "mayCommit", "waitsOn"])

  readonly #others: Readonly<Record<string, unknown>>
  readonly #sizes: Readonly<Record<string, number>>

  constructor(others: Readonly<Record<string, unknown>>, sizes: Readonly<Record<string, number>>) {
    this.#others = others
    this.#sizes = sizes
  }

  load(file: string): Record<string, unknown> {
    this.#read(file)
    // All of its folder: a function that steps may be reached through a type alone.
    for (const name of readdirSync(dirname(file)))
      if (name.endsWith(".ts") && !name.includes(".test")) this.#read(join(dirname(file), name))
    for (const name of steppingCore) this.#read(join(coreSources, `${name}.ts`))
    this.#findStepping()
    return this.#evaluate(file)
  }

  #read(file: string): void {
    if (this.#sources.has(file)) return
    const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022, true)
    this.#sources.set(file, source)
    for (const path of relativeImports(source)) if (!(path in this.#others)) this.#read(join(dirname(file), path))
  }

  /** To a fixed point: a function steps if it calls Atomics or a function that steps. By name, so names must not be shared. */
  #findStepping(): void {
    for (let size = -1; size !== this.#stepping.size;) {
      size = this.#stepping.size
      for (const [file, source] of this.#sources) {
        if (file.startsWith(coreSources) && !steppingCore.some((name) => file.endsWith(`/${name}.ts`))) continue
        const visit = (node: ts.Node): void => {
          const name = nameOf(node)
          if (name !== undefined && this.#steps((node as ts.MethodDeclaration).body)) this.#stepping.add(name)
          ts.forEachChild(node, visit)
        }
        visit(source)
      }
    }
  }

  #steps(body: ts.Node | undefined): boolean {
    let found = false
    const visit = (node: ts.Node): void => {
      if (ts.isFunctionLike(node)) return
      if (ts.isCallExpression(node) && this.#isStep(node)) found = true
      ts.forEachChild(node, visit)
    }
    if (body !== undefined) ts.forEachChild(body, visit)
    return found
  }

  #isStep({ expression }: ts.CallExpression): boolean {
    if (ts.isIdentifier(expression)) return this.#stepping.has(expression.text)
    if (!ts.isPropertyAccessExpression(expression)) return false
    if (isAtomics(expression.expression)) return true
    return this.#stepping.has(expression.name.text)
  }

  #evaluate(file: string): Record<string, unknown> {
    const known = this.#modules.get(file)
    if (known !== undefined) return known
    const exports: Record<string, unknown> = {}
    this.#modules.set(file, exports)
    const source = this.#sources.get(file)!
    const { outputText } = ts.transpileModule(source.text, {
      fileName: file,
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
      transformers: { before: [(context) => (root) => this.#rewrite(root, context)] },
    })
    const load = (path: string): unknown => this.#import(path, dirname(file))
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the module system of the simulated threads
    const evaluate = new Function(
      "require",
      "exports",
      "$explored",
      "waitFor",
      "$committed",
      "$called",
      outputText,
    ) as (...args: Array<unknown>) => void
    evaluate(load, exports, exploredAtomics, waitFor, committed, called)
    return exports
  }

  #import(path: string, from: string): unknown {
    if (path === "@weft/core") {
      const stepping = steppingCore.map((name) => this.#evaluate(join(coreSources, `${name}.ts`)))
      return Object.assign({}, core, ...stepping, ofThreads) as unknown
    }
    if (path in this.#others) return this.#others[path]
    if (!path.startsWith(".")) throw new Error(`stepping: import of ${path}`)
    const file = join(from, path)
    // Core's own modules, as everybody else has them.
    if (file.startsWith(coreSources) && !steppingCore.some((name) => file.endsWith(`/${name}.ts`)))
      return { ...core, keepUp: () => undefined, letEnd: () => undefined, onHostEnd: () => undefined, describe: String }
    return this.#evaluate(file)
  }

  #rewrite(root: ts.SourceFile, context: ts.TransformationContext): ts.SourceFile {
    const { factory } = context
    const visit = (node: ts.Node): ts.Node | undefined => {
      const name = nameOf(node)
      if (ts.isFunctionDeclaration(node) && name === "waitFor") return undefined
      const visited = ts.visitEachChild(node, visit, context)
      const star = factory.createToken(ts.SyntaxKind.AsteriskToken)
      if (name !== undefined && this.#stepping.has(name)) {
        if (ts.isMethodDeclaration(visited))
          return factory.createMethodDeclaration(
            visited.modifiers?.filter((each) => each.kind !== ts.SyntaxKind.OverrideKeyword),
            star,
            visited.name,
            undefined,
            undefined,
            visited.parameters,
            undefined,
            visited.body,
          )
        if (ts.isFunctionDeclaration(visited))
          return factory.createFunctionDeclaration(
            visited.modifiers,
            star,
            visited.name,
            undefined,
            visited.parameters,
            undefined,
            visited.body,
          )
      }
      // What a generator waits for by an op, its simulated thread commits.
      if (ts.isYieldExpression(node) && node.asteriskToken !== undefined)
        return factory.createYieldExpression(
          star,
          factory.createCallExpression(factory.createIdentifier("$committed"), undefined, [
            (visited as ts.YieldExpression).expression!,
          ]),
        )
      // Judged as written: its parts may have been rewritten. What a getter or a constructor reads is read without a step.
      if (ts.isCallExpression(node) && this.#isStep(node) && isInStepping(node, this.#stepping))
        return factory.createParenthesizedExpression(
          factory.createYieldExpression(
            star,
            factory.createCallExpression(factory.createIdentifier("$called"), undefined, [
              explored(visited as ts.CallExpression),
            ]),
          ),
        )
      if (ts.isVariableDeclaration(node)) {
        const size = this.#sizes[node.name.getText()]
        if (size !== undefined)
          return factory.createVariableDeclaration(node.name, undefined, undefined, factory.createNumericLiteral(size))
      }
      return visited
    }
    /** `Atomics.load(...)` is `$explored.load(...)`. */
    const explored = (call: ts.CallExpression): ts.CallExpression => {
      const { expression } = call
      if (!ts.isPropertyAccessExpression(expression) || !isAtomics(expression.expression)) return call
      const access = factory.createPropertyAccessExpression(factory.createIdentifier("$explored"), expression.name)
      return factory.updateCallExpression(call, access, undefined, call.arguments)
    }
    return ts.visitNode(root, visit) as ts.SourceFile
  }
}

function relativeImports(source: ts.SourceFile): Array<string> {
  return source.statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) || statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword)
      return []
    const path = (statement.moduleSpecifier as ts.StringLiteral).text
    return path.startsWith(".") && !source.fileName.startsWith(coreSources) ? [path] : []
  })
}

const isAtomics = (node: ts.Node): boolean => ts.isIdentifier(node) && node.text === "Atomics"

/** The name of a method or function that can be made a generator. */
function nameOf(node: ts.Node): string | undefined {
  const isCandidate =
    (ts.isMethodDeclaration(node) || ts.isFunctionDeclaration(node)) && node.asteriskToken === undefined
  return isCandidate && node.body !== undefined && node.name !== undefined ? node.name.getText() : undefined
}

const isGenerator = (node: ts.Node): boolean =>
  (ts.isMethodDeclaration(node) || ts.isFunctionDeclaration(node)) && node.asteriskToken !== undefined

function isInStepping(node: ts.Node, stepping: ReadonlySet<string>): boolean {
  const around = ts.findAncestor(node.parent, ts.isFunctionLike)
  return around !== undefined && (isGenerator(around) || stepping.has(nameOf(around) ?? ""))
}

// ---- memory

const things = new WeakMap<ArrayBufferLike, Map<number, object>>()

/** What the exploration knows a word by. */
function wordAt({ buffer, byteOffset }: Int32Array, index: number): object {
  let ofBuffer = things.get(buffer)
  if (ofBuffer === undefined) things.set(buffer, (ofBuffer = new Map<number, object>()))
  const offset = byteOffset + 4 * index
  let word = ofBuffer.get(offset)
  if (word === undefined) ofBuffer.set(offset, (word = {}))
  return word
}

/** Announces the words of new memory to the exploration. */
export function announce(words: Int32Array): void {
  for (let i = 0; i < words.length; i++) made(wordAt(words, i))
}

/** One access: ready unless its thread was killed, and a choice point as every op is. */
class Access extends Op<unknown> {
  declare private readonly what: string
  declare private readonly args: ReadonlyArray<unknown>
  declare private readonly word: object
  declare private readonly thread: Thread
  declare private readonly perform: () => unknown

  constructor(what: string, args: ReadonlyArray<unknown>, word: object, perform: () => unknown) {
    super()
    this.what = what
    this.args = args
    this.word = word
    this.thread = Thread.current
    this.perform = perform
  }
  /** Put together only where a failure is told: of thousands of schedules that is one. */
  get name(): string {
    const [index, ...args] = this.args
    return `${this.what} [${String(index)}]${args.length === 0 ? "" : ` ${args.join(", ")}`}`
  }
  override get on(): object {
    return [this.word, this.thread.mortality]
  }
  poll(): unknown {
    return this.thread.isDead && !isCleaningUp() ? NotReady : this.perform()
  }
  enqueue(): void {
    // A killed thread's: nothing goes on.
  }
  dequeue(): void {}
}

/** After the program: `finally` blocks run that a killed thread never comes to. */
function isCleaningUp(): boolean {
  const { current } = core.currentProcessor() as unknown as { readonly current: { readonly cancel: number } }
  return current.cancel !== NotCancelled
}

function access<Args extends ReadonlyArray<unknown>>(
  name: string,
  perform: (words: Int32Array, index: number, ...args: Args) => unknown,
) {
  return function* (words: Int32Array, index: number, ...args: Args): Steps<unknown> {
    return yield* new Access(name, [index, ...args], wordAt(words, index), () => perform(words, index, ...args))
  }
}

interface Waiting {
  readonly thread: Thread
  readonly target: { woken(): Steps<void> }
}

const waiting = new WeakMap<object, Array<Waiting>>()

function waitingOn(word: object): Array<Waiting> {
  let all = waiting.get(word)
  if (all === undefined) waiting.set(word, (all = []))
  return all
}

function* waitFor(words: Int32Array, index: number, seen: number, target: Waiting["target"]): Steps<boolean> {
  const word = wordAt(words, index)
  const thread = Thread.current
  return (yield* new Access("waitAsync", [index, seen], word, () => {
    if (Atomics.load(words, index) !== seen) return false
    waitingOn(word).push({ thread, target })
    return true
  })) as boolean
}

const exploredAtomics = {
  load: access("load", (words, index) => Atomics.load(words, index)),
  store: access("store", (words, index, value: number) => Atomics.store(words, index, value)),
  add: access("add", (words, index, value: number) => Atomics.add(words, index, value)),
  sub: access("sub", (words, index, value: number) => Atomics.sub(words, index, value)),
  and: access("and", (words, index, value: number) => Atomics.and(words, index, value)),
  or: access("or", (words, index, value: number) => Atomics.or(words, index, value)),
  exchange: access("exchange", (words, index, value: number) => Atomics.exchange(words, index, value)),
  compareExchange: access("compareExchange", (words, index, expected: number, value: number) =>
    Atomics.compareExchange(words, index, expected, value),
  ),
  *notify(words: Int32Array, index: number, count = Infinity): Steps<number> {
    const word = wordAt(words, index)
    const woken = (yield* new Access("notify", [index, count], word, () =>
      waitingOn(word).splice(0, Math.min(count, waitingOn(word).length)),
    )) as Array<Waiting>
    // Woken in vain, a killed thread tells nobody.
    for (const { target, thread } of woken) if (!thread.isDead) thread.start("woken", () => target.woken())
    return woken.length
  },
}

// ---- threads

const threads = new WeakMap<Goroutine, Thread>()

const threadId = (): number => Thread.current.id

/** What a simulated thread has instead of core's. Its memory is told apart by words, so what plain calls say is left out. */
const ofThreads = {
  threadId,
  made: () => undefined,
  accessed: () => undefined,
  starter: (caller: string, f: () => Steps<unknown>) => {
    const thread = Thread.current
    return () => thread.start(caller, f)
  },
}

/** A goroutine of a simulated thread, as its interruption sees it. */
class Life {
  /** What it waits for. */
  parked: { readonly parked: Parked; readonly cases: ReadonlyArray<Case> } | undefined
  isInterrupted = false
  isUnwinding = false
}

/** Unwinds a goroutine that was interrupted: JavaScript's own `return()` could come in the middle of a section. */
class Unwind extends Error {
  override readonly name = "Unwind"
}

/** A simulated thread: its goroutines' synchronous sections come one after the other. */
export class Thread {
  readonly id: number
  /** What the exploration knows by that the thread may be dead. */
  readonly mortality: object = {}
  #isBusy = false
  #isDead = false
  readonly #turn = new WaitList()
  readonly #lives = new WeakMap<Goroutine, Life>()

  constructor(id: number) {
    this.id = id
    made(this)
    made(this.mortality)
  }

  static get current(): Thread {
    const { current } = core.currentProcessor()
    const thread = current === null ? undefined : threads.get(current)
    if (thread === undefined) throw new Error("stepping: no thread runs; use thread.start")
    return thread
  }

  /** Starts a goroutine of this thread whose whole body is one section; within it `commit` and `select` wait. */
  start(name: string, body: () => Steps<unknown>): Goroutine {
    const { run } = this
    const goroutine = go.named(`${this.id}:${name}`, () => run.call(this, body)) as Goroutine
    threads.set(goroutine, this)
    this.#lives.set(goroutine, new Life())
    return goroutine
  }

  *run(body: () => Steps<unknown>): Steps<void> {
    yield* this.#enter()
    const life = this.#life
    try {
      this.#unwindOnce(life)
      yield* body()
    } catch (error) {
      if (!(error instanceof Unwind)) throw error
    }
    this.#leave()
  }

  /** Commits an op whose `poll`, `enqueue` and `dequeue` step: parked, it lets others of its thread have their sections. */
  *commit<A>(op: unknown): Steps<A> {
    return (yield* this.#wait([op])).value as A
  }

  /** Commits one of several: answers which, and what it gave. */
  select(...ops: ReadonlyArray<unknown>): Steps<{ readonly index: number; readonly value: unknown }> {
    return this.#wait(ops)
  }

  *#wait(ops: ReadonlyArray<unknown>): Steps<{ readonly index: number; readonly value: unknown }> {
    const life = this.#life
    this.#unwindOnce(life)
    for (const [index, op] of ops.entries()) {
      const raw = yield* called((op as SteppingOp).poll())
      if (raw !== NotReady) return { index, value: yield* called((op as SteppingOp).finish(raw)) }
    }
    const parked = new Parked()
    const cases = ops.map((op, index) => new Case(parked, op as SteppingOp, index))
    parked.cases = cases
    for (const each of cases) {
      if (parked.isSettled) break
      each.isEnqueued = true
      yield* called(each.op.enqueue(each))
    }
    life.parked = { parked, cases }
    // Also if it is settled by now: others of its thread may have sections before it goes on.
    this.#leave()
    // A native interruption here, when the program is over, withdraws nothing: see `interrupt`.
    yield* new Settled(parked)
    yield* this.#enter()
    life.parked = undefined
    const { error, raw, winner, withdrawal } = parked
    if (withdrawal !== undefined) {
      life.isUnwinding = true
      if (withdrawal.op !== undefined) yield* this.#wait([withdrawal.op])
      throw new Unwind()
    }
    if (error !== undefined) throw error
    return { index: winner, value: yield* called(cases[winner]!.op.finish(raw)) }
  }

  /** As a goroutine of this thread that calls `goroutine.interrupt()`, whenever it is this goroutine's turn. */
  interrupt(goroutine: Goroutine): Goroutine {
    const life = this.#lives.get(goroutine)!
    return this.start("interrupter", function* () {
      life.isInterrupted = true
      // What was committed is kept, up to the next op.
      if (life.parked?.parked.isSettled === false) yield* life.parked.parked.withdraw()
    })
  }

  wasInterrupted(goroutine: Goroutine): boolean {
    return this.#lives.get(goroutine)!.isUnwinding
  }

  /** As `worker.terminate()`: nothing of it runs any more, be it in the middle of a section. Explore with `leaks: "cancel"`. */
  kill(): void {
    core.accessed(this.mortality)
    this.#isDead = true
  }

  get isDead(): boolean {
    core.accessed(this.mortality)
    return this.#isDead
  }

  get #life(): Life {
    return this.#lives.get(core.currentProcessor().current!)!
  }

  #unwindOnce(life: Life): void {
    if (!life.isInterrupted || life.isUnwinding) return
    life.isUnwinding = true
    throw new Unwind()
  }

  *#enter(): Steps<void> {
    yield* new Turn(this)
  }

  enter(): boolean {
    if (this.#isBusy || this.isDead) return false
    this.#isBusy = true
    return true
  }

  get turn(): WaitList {
    return this.#turn
  }

  #leave(): void {
    core.accessed(this)
    if (this.isDead) return
    const next = this.#turn.shift()
    if (next === null) this.#isBusy = false
    else next.commit(undefined)
  }
}

function* committed(what: unknown): Steps<unknown> {
  return yield* isSteps(what) ? what : Thread.current.commit(what)
}

/** What a call gave that may step: of a name that steps elsewhere, it need not. */
function* called(given: unknown): Steps<unknown> {
  return isSteps(given) ? yield* given : given
}

const isSteps = (value: unknown): value is Steps<unknown> => core.isGenerator(value)

/** Each may step, or not. */
interface SteppingOp {
  poll(): unknown
  enqueue(waiter: Waiter): unknown
  dequeue(waiter: Waiter): unknown
  finish(raw: unknown): unknown
}

class Turn extends Op<void> {
  readonly name = "turn"
  declare private readonly thread: Thread

  constructor(thread: Thread) {
    super()
    this.thread = thread
  }
  override get on(): object {
    return this.thread
  }
  poll(): unknown {
    return isCleaningUp() || this.thread.enter() ? undefined : NotReady
  }
  enqueue(waiter: Waiter): void {
    this.thread.turn.push(waiter)
  }
  dequeue(waiter: Waiter): void {
    this.thread.turn.remove(waiter)
  }
}

/** Somebody who waits in a simulated thread, for one of several cases. */
class Parked {
  cases: ReadonlyArray<Case> = []
  winner = -1
  raw: unknown = undefined
  error: unknown = undefined
  withdrawal: { readonly op: unknown } | undefined
  isSettled = false
  /** The one case that may have happened on another thread. */
  elsewhere: { readonly case: Case; readonly elsewhere: core.Elsewhere } | undefined
  readonly waiters = new WaitList()

  constructor() {
    made(this)
  }

  /** As a select's: another case than this one, which is committed then. */
  *hasHappened(but: Case): Steps<boolean> {
    const { elsewhere } = this
    if (elsewhere === undefined) return false
    if (elsewhere.case === but) this.elsewhere = undefined
    else if (!((yield* called(elsewhere.elsewhere.takeBack())) as boolean)) {
      this.elsewhere = undefined
      yield* this.settle(elsewhere.case, undefined, undefined)
      return true
    }
    return false
  }

  /** The first case that is committed withdraws the others, and then wakes who waits. */
  *settle(winner: Case, raw: unknown, error: unknown): Steps<boolean> {
    if (this.isSettled || (yield* this.hasHappened(winner))) return false
    this.isSettled = true
    this.winner = winner.index
    this.raw = raw
    this.error = error
    for (const each of this.cases) if (each !== winner) yield* each.withdraw()
    this.#tell()
    return true
  }

  /** Withdraws all cases: who waited is to unwind. */
  *withdraw(): Steps<void> {
    this.isSettled = true
    let op: unknown
    for (const each of this.cases) op = (yield* each.withdraw()) ?? op
    this.withdrawal = { op }
    this.#tell()
  }

  #tell(): void {
    core.accessed(this)
    this.waiters.commitAll(undefined)
  }
}

class Case extends Waiter {
  /**
   * Of the simulated thread: what it counts as outside is in the same exploration. It has always something else to do, as looking more often
   * before waiting makes no other schedule.
   */
  readonly processor = {
    outside: 0,
    clock: {},
    lookForSleep: () => undefined,
    scheduler: { length: 1 },
  } as unknown as core.Processor
  readonly index: number
  readonly op: SteppingOp
  isEnqueued = false
  readonly #parked: Parked

  constructor(parked: Parked, op: SteppingOp, index: number) {
    super()
    this.#parked = parked
    this.op = op
    this.index = index
  }

  // Not `commit`, nor `fail`, to the types: those who are explored delegate to them.
  override commit(raw: unknown): never {
    return this.#parked.settle(this, raw, undefined) as never
  }
  override fail(error: unknown): never {
    return this.#parked.settle(this, undefined, error) as never
  }

  override mayCommit(): never {
    const parked = this.#parked
    const may = function* (this: Case): Steps<boolean> {
      return !parked.isSettled && !(yield* parked.hasHappened(this))
    }
    return may.call(this) as never
  }
  override waitsOn(): never {
    return this.#parked.elsewhere?.elsewhere.offerAgain() as never
  }
  override get offer(): core.Elsewhere | null {
    return this.#parked.elsewhere?.elsewhere ?? null
  }
  override happensElsewhere(elsewhere: core.Elsewhere): boolean {
    if (this.#parked.elsewhere !== undefined) return false
    this.#parked.elsewhere = { case: this, elsewhere }
    return true
  }

  *withdraw(): Steps<unknown> {
    if (!this.isEnqueued) return undefined
    this.isEnqueued = false
    return yield* called(this.op.dequeue(this))
  }
}

class Settled extends Op<void> {
  readonly name = "parked"
  declare private readonly parked: Parked

  constructor(parked: Parked) {
    super()
    this.parked = parked
  }
  override get on(): object {
    return this.parked
  }
  poll(): unknown {
    return this.parked.isSettled ? undefined : NotReady
  }
  enqueue(waiter: Waiter): void {
    this.parked.waiters.push(waiter)
  }
  dequeue(waiter: Waiter): void {
    this.parked.waiters.remove(waiter)
  }
}

/** Something a simulated thread waits for beside shared memory: in a select, an end by other means. */
export class Signal {
  #isGiven = false
  readonly #waiters = new Set<Waiter>()

  get given(): SteppingOp {
    return {
      poll: () => {
        core.accessed(this)
        return this.#isGiven ? undefined : NotReady
      },
      enqueue: (waiter) => void this.#waiters.add(waiter),
      dequeue: (waiter) => void this.#waiters.delete(waiter),
      finish: () => undefined,
    }
  }

  *give(): Steps<void> {
    core.accessed(this)
    this.#isGiven = true
    for (const waiter of this.#waiters) yield* called(waiter.commit(undefined))
  }
}
