/**
 * Runs the very sources of shared-memory primitives under `explore`, with a choice point before every single atomic access.
 *
 * The sources are rewritten as they are loaded: every `Atomics.load(...)` and its like becomes an op of the explored memory, and every
 * function from which one is reached becomes a generator that is delegated to. So what is explored is what ships, not a model of it.
 *
 * Threads are simulated. A thread runs one synchronous section at a time, as JavaScript does, while other threads' accesses come between
 * its own; `notify` makes the woken thread's callback a section of its own.
 */
import { readdirSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import * as core from "@weft/core"
import { go, type Goroutine, made, NotReady, Op, Waiter, WaitList } from "@weft/core"
import ts from "typescript"

type Steps<A> = Generator<Op<unknown>, A, unknown>

// ---- loading

/**
 * Loads `file` and what it imports from its own folder; answers its exports, whose stepping functions are generators. What it imports from
 * elsewhere is as it is: core, and the modules of `others` under the paths that it is imported by.
 */
export function loadStepping(file: string, others: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return new Loader(others).load(file)
}

const coreSources = join(import.meta.dirname, "../../src")
/** Of core it is these that reach atomics; of everything else the real ones serve. */
const steppingCore = ["wait-word"]

class Loader {
  readonly #sources = new Map<string, ts.SourceFile>()
  readonly #modules = new Map<string, Record<string, unknown>>()
  readonly #stepping = new Set(["waitFor"])

  readonly #others: Readonly<Record<string, unknown>>

  constructor(others: Readonly<Record<string, unknown>>) {
    this.#others = others
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
    for (const path of relativeImports(source)) this.#read(join(dirname(file), path))
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
    const evaluate = new Function("require", "exports", "explored", "waitFor", "committed", outputText) as (
      ...args: Array<unknown>
    ) => void
    evaluate(load, exports, exploredAtomics, waitFor, committed)
    return exports
  }

  #import(path: string, from: string): unknown {
    if (path === "@weft/core") {
      const stepping = steppingCore.map((name) => this.#evaluate(join(coreSources, `${name}.ts`)))
      return Object.assign({}, core, ...stepping, { threadId }) as unknown
    }
    if (path in this.#others) return this.#others[path]
    if (!path.startsWith("./")) throw new Error(`stepping: import of ${path}`)
    const file = join(from, path)
    // Core's own modules, as everybody else has them.
    if (file.startsWith(coreSources) && !steppingCore.some((name) => file.endsWith(`/${name}.ts`)))
      return { ...core, keepUp: () => undefined, letEnd: () => undefined, describe: String }
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
          factory.createCallExpression(factory.createIdentifier("committed"), undefined, [
            (visited as ts.YieldExpression).expression!,
          ]),
        )
      // Judged as written: its parts may have been rewritten. What a getter or a constructor reads is read without a step.
      if (ts.isCallExpression(node) && this.#isStep(node) && isInStepping(node, this.#stepping))
        return factory.createParenthesizedExpression(
          factory.createYieldExpression(star, explored(visited as ts.CallExpression)),
        )
      return visited
    }
    /** `Atomics.load(...)` is `explored.load(...)`. */
    const explored = (call: ts.CallExpression): ts.CallExpression => {
      const { expression } = call
      if (!ts.isPropertyAccessExpression(expression) || !isAtomics(expression.expression)) return call
      const access = factory.createPropertyAccessExpression(factory.createIdentifier("explored"), expression.name)
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
    return path.startsWith("./") && !source.fileName.startsWith(coreSources) ? [path] : []
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

/** One access: always ready, and a choice point as every op is. */
class Access extends Op<unknown> {
  declare readonly name: string
  declare private readonly word: object
  declare private readonly perform: () => unknown

  constructor(name: string, word: object, perform: () => unknown) {
    super()
    this.name = name
    this.word = word
    this.perform = perform
  }
  override get on(): object {
    return this.word
  }
  poll(): unknown {
    return this.perform()
  }
  enqueue(): void {
    throw new Error("Bug: an access is always ready")
  }
  dequeue(): void {}
}

function access<Args extends ReadonlyArray<unknown>>(
  name: string,
  perform: (words: Int32Array, index: number, ...args: Args) => unknown,
) {
  return function* (words: Int32Array, index: number, ...args: Args): Steps<unknown> {
    return yield* new Access(
      `${name} [${index}]${args.length === 0 ? "" : ` ${args.join(", ")}`}`,
      wordAt(words, index),
      () => perform(words, index, ...args),
    )
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
  return (yield* new Access(`waitAsync [${index}] ${seen}`, word, () => {
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
    const woken = (yield* new Access(`notify [${index}] ${count}`, word, () =>
      waitingOn(word).splice(0, Math.min(count, waitingOn(word).length)),
    )) as Array<Waiting>
    for (const { target, thread } of woken) thread.start("woken", () => target.woken())
    return woken.length
  },
}

// ---- threads

const threads = new WeakMap<Goroutine, Thread>()

const threadId = (): number => Thread.current.id

/** A simulated thread: its goroutines' synchronous sections come one after the other. */
export class Thread {
  readonly id: number
  #isBusy = false
  #isDead = false
  readonly #turn = new WaitList()
  readonly #goroutines = new Set<Goroutine>()

  constructor(id: number) {
    this.id = id
    made(this)
  }

  static get current(): Thread {
    const { current } = core.currentProcessor()
    const thread = current === null ? undefined : threads.get(current)
    if (thread === undefined) throw new Error("stepping: no thread runs; use thread.start")
    return thread
  }

  /** Starts a goroutine of this thread whose whole body is one section; within it `commit` waits. */
  start(name: string, body: () => Steps<unknown>): Goroutine {
    const { run } = this
    const goroutine = go.named(`${this.id}:${name}`, () => run.call(this, body)) as Goroutine
    threads.set(goroutine, this)
    this.#goroutines.add(goroutine)
    goroutine.onExit(() => this.#goroutines.delete(goroutine))
    return goroutine
  }

  *run(body: () => Steps<unknown>): Steps<void> {
    yield* this.#enter()
    yield* body()
    this.#leave()
  }

  /** Commits an op whose `poll`, `enqueue` and `dequeue` step: parked, it lets others of its thread have their sections. */
  *commit<A>(op: unknown): Steps<A> {
    const stepping = op as SteppingOp<A>
    const raw = yield* stepping.poll()
    if (raw !== NotReady) return stepping.finish(raw)
    const parked = new Parked()
    yield* stepping.enqueue(parked)
    this.#leave()
    let isWithdrawn = true
    try {
      yield* new Settled(parked)
      isWithdrawn = false
    } finally {
      // Interrupted, not killed: it withdraws, in a section of its own.
      if (isWithdrawn && !this.#isDead) {
        yield* this.#enter()
        if (!parked.isSettled) yield* stepping.dequeue(parked)
        this.#leave()
      }
    }
    yield* this.#enter()
    if (parked.error !== undefined) throw parked.error
    return stepping.finish(parked.raw)
  }

  /** As `worker.terminate()`: nothing of it runs any more, be it in the middle of a section. */
  kill(): void {
    this.#isDead = true
    for (const goroutine of this.#goroutines) goroutine.interrupt()
  }

  get isDead(): boolean {
    return this.#isDead
  }

  *#enter(): Steps<void> {
    yield* new Turn(this)
  }

  enter(): boolean {
    if (this.#isBusy) return false
    this.#isBusy = true
    return true
  }

  get turn(): WaitList {
    return this.#turn
  }

  #leave(): void {
    core.accessed(this)
    const next = this.#turn.shift()
    if (next === null) this.#isBusy = false
    else next.commit(undefined)
  }
}

function* committed(what: unknown): Steps<unknown> {
  return what instanceof Op ? yield* Thread.current.commit(what) : yield* what as Steps<unknown>
}

interface SteppingOp<A> {
  poll(): Steps<unknown>
  enqueue(waiter: Waiter): Steps<void>
  dequeue(waiter: Waiter): Steps<void>
  finish(raw: unknown): A
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
    return this.thread.enter() ? undefined : NotReady
  }
  enqueue(waiter: Waiter): void {
    this.thread.turn.push(waiter)
  }
  dequeue(waiter: Waiter): void {
    this.thread.turn.remove(waiter)
  }
}

/** Who waits in a simulated thread. */
class Parked extends Waiter {
  /** Of the simulated thread: what it counts as outside is in the same exploration. */
  readonly processor = { outside: 0, lookForSleep: () => undefined } as unknown as core.Processor
  raw: unknown = undefined
  error: unknown = undefined
  isSettled = false
  readonly waiters = new WaitList()

  constructor() {
    super()
    made(this)
  }

  commit(raw: unknown): boolean {
    this.#settle(raw, undefined)
    return true
  }
  fail(error: unknown): void {
    this.#settle(undefined, error)
  }

  #settle(raw: unknown, error: unknown): void {
    core.accessed(this)
    this.raw = raw
    this.error = error
    this.isSettled = true
    this.waiters.commitAll(undefined)
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
