/**
 * Which tests of ours are which of Go's: `describe("<source>")` around it, at any depth, and `it("<name>[, <name>]: what it asserts")`.
 */
import { basename } from "node:path"

/** One test of ours, by what vitest's report says of its name. */
export interface Named {
  readonly ancestorTitles: ReadonlyArray<string>
  readonly title: string
}

const withoutEnding = (source: string) => source.replace(/\.go$/, "")

/** Go's path, or its last part where somebody wrote only that. */
export function isOf(source: string, { ancestorTitles }: Named): boolean {
  const wanted = source.split(", ").map(withoutEnding)
  return ancestorTitles
    .map(withoutEnding)
    .some((title) => wanted.includes(title) || wanted.some((path) => path.includes("/") && basename(path) === title))
}

const nameOf = (test: string) => test.replace(/^Test(?=[A-Z])/, "").replace(/ \(.*\)$| ×\d+$/, "")

export function isNamed(test: string, { title }: Named): boolean {
  const names = title.slice(0, title.indexOf(":")).split(", ").map(nameOf)
  return test === "*" || (title.includes(":") && names.includes(nameOf(test)))
}

/** It runs on threads of the host. */
export const isOnThreads = ({ ancestorTitles }: Named): boolean => ancestorTitles.includes("on threads")
