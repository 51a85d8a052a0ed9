/** Texts of JSON to parse, 100 µs each; a batch is a lot of them. */
import { shortTasks } from "../speed-up-question.ts"

export const question = shortTasks({
  name: "parse-100us",
  title: "JSON texts of 100 µs",
  work: "parseShort",
  notInGo: "its parser is another one",
})
