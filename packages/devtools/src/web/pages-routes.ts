/** What can be asked about pages of browsers: which there are, and of each, below `/page/<number>`, what can be asked about a process. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import type { Page } from "../pages/page.ts"
import type { Pages } from "../pages/pages.ts"
import type { Meta, PageEntry, PagesReply } from "./api.ts"
import { processRoutes } from "./process-routes.ts"
import { type Find, json, type Route, type Routes } from "./routes.ts"

export const findPage = (pages: Pages): Effect.Effect<Find, never, Scope.Scope> =>
  Effect.map(Effect.scope, (scope) => {
    const own: Routes = new Map<string, Route>([
      ["GET /api/meta", () => Effect.succeed(json(meta))],
      ["GET /api/pages", () => Effect.sync(() => json(reply(pages)))],
    ])
    const ofPages = new Map<Page, { readonly routes: Routes; readonly own: Scope.Closeable }>()
    const routesOf = (page: Page): Routes => {
      const known = ofPages.get(page)
      if (known !== undefined) return known.routes
      // What the server holds of pages that were forgotten goes with them.
      for (const [other, { own }] of ofPages)
        if (pages.find(other.pid) !== other) {
          ofPages.delete(other)
          void Effect.runPromise(Scope.close(own, Exit.void))
        }
      const own = Effect.runSync(Scope.fork(scope))
      const routes = Effect.runSync(Scope.provide(processRoutes(page), own))
      ofPages.set(page, { routes, own })
      return routes
    }
    return (path) => {
      const [, number, rest = ""] = /^\/page\/(\d+)(\/.*)$/.exec(path) ?? []
      if (number === undefined) return { routes: own, path }
      const page = pages.find(Number(number))
      return { routes: page === undefined ? gone : routesOf(page), path: rest }
    }
  })

const meta: Meta = { source: "pages", title: "Pages", argv: [], isTracing: false }

const ended = "this page is gone, and was forgotten"
/** Of a page that is not known any more, its tab may still be open. */
const gone: Routes = new Map<string, Route>([
  [
    "GET /api/meta",
    () =>
      Effect.succeed(
        json({ source: "process", title: "A page", argv: [], isTracing: false, pageUrl: "", ended } satisfies Meta),
      ),
  ],
])

const reply = (pages: Pages): PagesReply => ({
  address: pages.address,
  bookmarklet: pages.bookmarklet,
  refused: [...pages.refused],
  pages: pages.list().map(entry),
})

const entry = ({ connectedAt, endedBecause, pid, runtime, threads, title, url }: Page): PageEntry => ({
  ...{ number: pid, title, url, runtime, threads, connectedAt },
  ...(endedBecause === undefined ? {} : { ended: endedBecause }),
})
