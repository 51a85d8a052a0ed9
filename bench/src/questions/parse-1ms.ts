/** Texts of JSON to parse, a millisecond each; a batch is a lot of them. */
import { longTasks } from "../speed-up-question.ts"

export const question = longTasks({
  name: "parse-1ms",
  title: "JSON texts of 1 ms",
  work: "parseLong",
  notInGo: "its parser is another one",
})
