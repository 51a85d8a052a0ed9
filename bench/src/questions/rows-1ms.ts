/** Rows of the Mandelbrot set, a millisecond each; a batch is a lot of them. */
import { longTasks } from "../speed-up-question.ts"

export const question = longTasks({
  name: "rows-1ms",
  title: "Mandelbrot, rows of 1 ms",
  work: "mandelbrotLong",
})
