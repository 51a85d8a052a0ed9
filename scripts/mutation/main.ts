/**
 * `npm run mutation [-- options]`: seeds one small fault after the other into the packages, and tells which test catches it.
 *
 * Each fault is put into a copy of the repository and the likely tests run there; when all have had their turn, those that none has
 * noticed meet all the other tests. After each run the copy's file is put back. Exit code 1 if a fault survives that is not known to be
 * unobservable, or if the list of faults is stale.
 *
 * A test that fails without the fault too catches nothing: it is named and left out.
 */
import { parseArgs } from "node:util"
import { commitId, Copy } from "./copy.ts"
import { type Fault, seed } from "./fault.ts"
import { faults } from "./faults.ts"
import { type Failure, type Outcome, runTests, stopAll, type Limits } from "./suite.ts"
import { Soundness } from "./soundness.ts"
import { type Stage, stagesFor } from "./tests-for.ts"
import { type Fate as RecordedFate, Verdicts } from "./verdicts.ts"

const usage = `npm run mutation [-- options]
  --only <pattern>  the faults whose name or file matches this regular expression
  --sample <n>      n of them, taken at random, none that is known to survive
  --seed <n>        which ones a sample takes
  --skip <n>        not the first n: goes on with a run that was stopped
  --take <n>        and of the rest only the first n
  --due             only those never seeded, not noticed, or in a file that has changed since
  --record          keeps what became of them, and renews the score in CONTRIBUTING.md
  --commit <name>   of that commit instead of the working tree
  --workers <n>     1 or 2 (default)
  --limit <seconds> a run of tests that takes longer hangs, with 3 s more for each file (default 30)
  --list            lists the faults and runs nothing`

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    sample: { type: "string" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
    skip: { type: "string", default: "0" },
    take: { type: "string", default: "Infinity" },
    due: { type: "boolean", default: false },
    record: { type: "boolean", default: false },
    commit: { type: "string" },
    workers: { type: "string", default: "2" },
    limit: { type: "string", default: "30" },
    list: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
})

const testLimitMillis = 12_000

/** Runs tests with the fault. */
type Run = (tests: Stage, limits?: Limits) => Promise<Outcome>

type Fate = RecordedFate | "stale"

interface Verdict {
  readonly fault: Fault
  readonly fate: Fate
  readonly by: string
  readonly failure?: Failure
}

const verdictsSoFar = new Verdicts(faults)

if (values.help) console.log(usage)
else await main(chosen())

function chosen(): ReadonlyArray<Fault> {
  const { only, sample, due } = values
  const matching = faults.filter(
    (fault) =>
      (only === undefined || new RegExp(only).test(`${fault.name}\n${fault.file}`)) &&
      (!due || verdictsSoFar.isDue(fault)),
  )
  if (sample === undefined) return matching.slice(Number(values.skip), Number(values.skip) + Number(values.take))
  console.log(`a sample of ${sample}, seed ${values.seed}`)
  return shuffled(
    matching.filter((fault) => fault.equivalent === undefined),
    Number(values.seed),
  ).slice(0, Number(sample))
}

async function main(chosen: ReadonlyArray<Fault>): Promise<void> {
  if (values.list) return list(chosen)
  if (chosen.length === 0) throw new Error("no fault has that name")
  const began = Date.now()
  const workers = Math.min(Math.max(1, Number(values.workers)), 2, chosen.length)
  using stack = new DisposableStack()
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => {
      stopAll()
      stack.dispose()
      process.exit(130)
    })
  const verdicts: Array<Verdict> = []
  const copies = Array.from({ length: workers }, () => stack.use(new Copy(values.commit)))
  const tests = new Soundness()
  // What the likely tests notice first: most faults need no more, and what they miss takes all the others' time.
  let open = [...chosen]
  for (const pass of ["likely", "others"] as const) {
    const queue = open
    open = []
    const work = async (copy: Copy) => {
      for (let fault = queue.shift(); fault !== undefined; fault = queue.shift()) {
        const began = Date.now()
        const verdict = await judge(copy, fault, pass, tests)
        if (verdict === undefined) {
          console.log(`           ${"open".padEnd(10)}  ${fault.name}  ${secondsSince(began)}`)
          open.push(fault)
          continue
        }
        verdicts.push(verdict)
        if (values.record) record(verdict)
        console.log(`${String(verdicts.length).padStart(4)}/${chosen.length}  ${line(verdict)}  ${secondsSince(began)}`)
      }
    }
    await Promise.all(copies.map(work))
  }
  conclude(verdicts, tests.broken, secondsSince(began))
}

/** Undefined if the likely tests have not noticed it, so that the others have to say. */
async function judge(
  copy: Copy,
  fault: Fault,
  pass: "likely" | "others",
  tests: Soundness,
): Promise<Verdict | undefined> {
  const path = `packages/${fault.file}`
  const text = copy.read(path)
  let faulty: string
  try {
    faulty = seed(fault, text)
  } catch (error) {
    return { fault, fate: "stale", by: (error as Error).message }
  }
  const run: Run = async (tests, limits = limitsFor(tests.files.length)) => {
    copy.write(path, faulty)
    try {
      return await runTests(copy, tests, limits)
    } finally {
      copy.write(path, text)
    }
  }
  // Tests that failed once and not again: they have noticed something else, such as a busy machine.
  const doubtful = new Set<string>()
  const { likely, others } = stagesFor(fault.file, copy.tests(), verdictsSoFar.catcher(fault))
  // All that could notice it take minutes, and have not before.
  const stages = fault.equivalent !== undefined ? likely.slice(0, 2) : pass === "likely" ? likely : others
  for (const { files: all, tags } of stages) {
    for (;;) {
      const files = all.filter((file) => !tests.broken.has(file) && !doubtful.has(file))
      if (files.length === 0) break
      const outcome = await run({ files, tags })
      if (outcome.kind === "passed") break
      if (await isCaught(copy, outcome, { files, tags }, run, pass, tests))
        return { fault, fate: outcome.kind === "hung" ? "hung" : "caught", by: nameOf(outcome), failure: outcome }
      doubtful.add(outcome.file)
    }
  }
  if (fault.equivalent !== undefined) return { fault, fate: "equivalent", by: fault.equivalent }
  return pass === "likely" ? undefined : { fault, fate: "survived", by: "" }
}

/** Whether it is the fault that a test has failed by: not a test that fails without it, too, nor a busy machine. */
async function isCaught(
  copy: Copy,
  outcome: Failure,
  stage: Stage,
  run: Run,
  pass: "likely" | "others",
  tests: Soundness,
): Promise<boolean> {
  const { file, kind } = outcome
  const { tags } = stage
  const alone: Stage = { files: [file], tags }
  // No test has begun: it was the fault that kept it from that, or the machine.
  if (file === "") return kind !== "hung" || (await run(stage)).kind === "hung"
  if (kind === "hung" || isLate(outcome)) {
    const usual = await tests.millis(copy, file, tags)
    if (usual === undefined) return false
    if (3 * usual < testLimitMillis) return true
    // It is slow on this machine, now.
    const patient = testLimitMillis + 3 * usual
    return (await run(alone, { runMillis: patient, testMillis: patient })).kind !== "passed"
  }
  if (!(await tests.isSound(copy, file, tags))) return false
  // A test that is likely to notice the fault is believed at once.
  return pass === "likely" || (await run(alone)).kind !== "passed"
}

/** Short, as many a fault makes a test hang: whether it was one, or a busy machine, is found out then. */
function limitsFor(files: number): Limits {
  return { runMillis: (Number(values.limit) + 3 * files) * 1000, testMillis: testLimitMillis }
}

function list(chosen: ReadonlyArray<Fault>): void {
  using copy = new Copy(values.commit)
  for (const fault of chosen) {
    console.log(`${fault.name}\n    ${fault.file}: ${fault.breaks}`)
    if (fault.equivalent !== undefined) console.log(`    can't be noticed: ${fault.equivalent}`)
    try {
      seed(fault, copy.read(`packages/${fault.file}`))
    } catch (error) {
      console.log(`    STALE: ${(error as Error).message}`)
      process.exitCode = 1
    }
  }
  console.log(`${chosen.length} faults`)
}

function record({ fault, fate, failure }: Verdict): void {
  if (fate === "stale") return
  verdictsSoFar.add({
    fault: fault.name,
    fate,
    date: new Date().toISOString().slice(0, 10),
    commit: commitId(values.commit ?? "HEAD"),
    ...(failure === undefined || failure.file === "" ? {} : { file: failure.file, test: failure.test }),
  })
}

function conclude(verdicts: ReadonlyArray<Verdict>, broken: ReadonlySet<string>, time: string): void {
  const those = (...fates: ReadonlyArray<Fate>) => verdicts.filter(({ fate }) => fates.includes(fate))
  console.log("")
  // In the order of the list, whichever worker was first.
  for (const verdict of [...verdicts].sort((a, b) => faults.indexOf(a.fault) - faults.indexOf(b.fault)))
    console.log(line(verdict))
  for (const file of broken) console.log(`\n${file} fails without any fault too, so it was left out`)
  const caught = those("caught", "hung").length
  const survived = those("survived").length
  const stale = those("stale").length
  const parts = [
    `${caught} of ${caught + survived} faults caught`,
    `${those("hung").length} of them by a hang`,
    `${those("equivalent").length} can't be noticed`,
  ]
  if (stale > 0) parts.push(`${stale} STALE`)
  console.log(`\n${parts.join(", ")} (${time})`)
  if (survived + stale + broken.size > 0) process.exitCode = 1
}

function line({ fault, fate, by }: Verdict): string {
  return `${fate.padEnd(10)}  ${fault.name.padEnd(64)}  ${by}`
}

function secondsSince(began: number): string {
  return `${Math.round((Date.now() - began) / 1000)} s`
}

/** By vitest's own limit, which ends one test. */
function isLate({ message }: Failure): boolean {
  return /timed out/i.test(message)
}

function nameOf(outcome: Failure): string {
  const { file, test } = outcome
  const where = `${file.replace(/^packages\//, "").replace(/\.test\.ts$/, "")} > ${test}`
  return isLate(outcome) ? `${where} (by its time limit)` : where
}

function shuffled<T>(all: ReadonlyArray<T>, seed: number): Array<T> {
  const drawn = [...all]
  let state = seed >>> 0
  for (let i = drawn.length - 1; i > 0; i--) {
    // Numerical Recipes' linear congruence: any order will do, if it is the same again.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    const j = Math.floor((state / 2 ** 32) * (i + 1))
    ;[drawn[i], drawn[j]] = [drawn[j]!, drawn[i]!]
  }
  return drawn
}
