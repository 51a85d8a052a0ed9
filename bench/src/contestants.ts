/**
 * Who takes part, in the order of the tables. A contestant is Weft, Go or a rival, together with the conditions it runs under.
 */
import { isOnThreads, type Question, type Rival } from "./question.ts"

export type ContestantName = "weft" | "weft-reused" | "weft-closure" | "weft-busy" | "go-1" | "go-all" | Rival

export interface Contestant {
  readonly name: ContestantName
  readonly title: string
  readonly runsIn: "node" | "go"
  /** Takes part in a quick run. */
  readonly quick: boolean
  answers(question: Question): boolean
}

export const contestants: ReadonlyArray<Contestant> = [
  { name: "weft", title: "Weft", runsIn: "node", quick: true, answers: () => true },
  {
    name: "weft-reused",
    title: "Weft, one op reused",
    runsIn: "node",
    quick: false,
    answers: (question) => question.measures === "time" && question.weftReused !== undefined,
  },
  {
    name: "weft-closure",
    title: "Weft, a closure each",
    runsIn: "node",
    quick: false,
    answers: (question) => question.weftClosure !== undefined,
  },
  {
    name: "weft-busy",
    title: "Weft, busy process",
    runsIn: "node",
    quick: false,
    answers: (question) => question.measures === "time" && question.hot === true,
  },
  {
    name: "go-1",
    title: "Go, GOMAXPROCS=1",
    runsIn: "go",
    quick: true,
    answers: (question) => isInGo(question) && !isOnThreads(question),
  },
  { name: "go-all", title: "Go, all cores", runsIn: "go", quick: true, answers: isInGo },
  rival("promises", "plain promises"),
  rival("thi.ng", "@thi.ng/csp"),
  rival("effect", "Effect"),
  rival("js-csp", "js-csp"),
  rival("async-mutex", "async-mutex"),
  rival("fast-check", "fast-check"),
  rival("multithreading", "multithreading"),
  rival("piscina", "piscina"),
  rival("piscina-async", "piscina, atomics: async"),
  rival("tinypool", "tinypool"),
  rival("workerpool", "workerpool"),
  rival("poolifier", "poolifier"),
  rival("comlink", "comlink"),
  rival("bare", "bare threads"),
  rival("here", "this thread alone"),
  rival("shared-chan", "Weft, sharedChan"),
  rival("by-1000", "Weft, 1,000 at once"),
  rival("by-10000", "Weft, 10,000 at once"),
  rival("by-100000", "Weft, 100,000 at once"),
]

function isInGo(question: Question): boolean {
  return question.notInGo === undefined
}

function rival(name: Rival, title: string): Contestant {
  return { name, title, runsIn: "node", quick: true, answers: (question) => question.rivals[name] !== undefined }
}
