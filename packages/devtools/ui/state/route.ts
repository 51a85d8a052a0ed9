/**
 * What is looked at, kept in the address: page, filter, sort, selected goroutine, window of time. `#/goroutines?filter=worker&sort=-wait&g=0:12`.
 *
 * Going to a page or selecting somebody is a step that "back" undoes; what changes continuously (a filter that is typed, a window that is dragged) replaces
 * the step it belongs to.
 */
import { Cell } from "./cell.ts"

export const pageNames = ["overview", "goroutines", "timeline", "waits", "channels", "locks", "leaks"] as const
export type PageName = (typeof pageNames)[number]
export type Params = Readonly<Record<string, string | undefined>>

export interface Route {
  readonly page: PageName
  readonly params: Params
}

export const route: Cell<Route> = new Cell(parse(location.hash))

export function followAddress(): void {
  const read = (): void => route.set(parse(location.hash))
  addEventListener("popstate", read)
  addEventListener("hashchange", read)
  read()
}

/** To another page; the selected goroutine stays selected. */
export function open(page: PageName, params: Params = {}): void {
  step({ page, params: { g: route.value.params["g"], ...params } })
}

/** On the same page, undone by "back". */
export const select = (params: Params): void =>
  step({ page: route.value.page, params: { ...route.value.params, ...params } })

/** On the same page, in place. */
export function adjust(params: Params): void {
  const next = { page: route.value.page, params: { ...route.value.params, ...params } }
  history.replaceState(null, "", format(next))
  route.set(next)
}

function step(next: Route): void {
  const address = format(next)
  if (address !== location.hash) history.pushState(null, "", address)
  route.set(next)
}

export function format({ page, params }: Route): string {
  const given = Object.entries(params).filter((entry): entry is [string, string] => (entry[1] ?? "") !== "")
  const query = new URLSearchParams(given).toString().replaceAll("%3A", ":").replaceAll("%2C", ",")
  return `#/${page}${query === "" ? "" : `?${query}`}`
}

function parse(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2)
  const page = pageNames.find((name) => name === path) ?? "overview"
  return { page, params: Object.fromEntries(new URLSearchParams(query)) }
}
