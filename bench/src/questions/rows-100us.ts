/** Rows of the Mandelbrot set, 100 µs each; a batch is a lot of them. */
import { shortTasks } from "../speed-up-question.ts"

export const question = shortTasks({
  name: "rows-100us",
  title: "Mandelbrot, rows of 100 µs",
  work: "mandelbrotShort",
})
