import type { Pages } from "../pages/pages.ts"
import { findPage } from "./pages-routes.ts"
import type { Served } from "./serve.ts"
import { startServer } from "./start-server.ts"

/** Serves pages of browsers that connect while it runs, each below a path of its own. */
export const servePages = (pages: Pages, port = 0): Promise<Served> => startServer(findPage(pages), port)
