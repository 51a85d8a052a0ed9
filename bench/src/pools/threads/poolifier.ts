import { type TaskFunctions, ThreadWorker } from "poolifier"
import { work } from "../../threads/work.ts"

export default new ThreadWorker(work as TaskFunctions<unknown, number>)
