/** Figures as people read them. */
import type { Question } from "./question.ts"

/** Nanoseconds in the unit that fits, or bytes. */
export function quantity(question: Question, value: number): string {
  if (question.measures === "memory") return `${digits(value)} B`
  if (value < 1e3) return `${digits(value)} ns`
  if (value < 1e6) return `${digits(value / 1e3)} µs`
  return `${digits(value / 1e6)} ms`
}

/** Times something: 0.54, 3.1, 27. */
export function times(ratio: number): string {
  return ratio < 10 ? ratio.toFixed(ratio < 2 ? 2 : 1) : digits(ratio)
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`
}

/** Three digits are all that a shared machine can promise. */
function digits(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString("en-US")
  return value.toFixed(value >= 10 ? 1 : 2)
}
