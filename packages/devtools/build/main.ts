/** After rollup: what is no module of the package. The agent as a text; the page and its assets. */
import { mkdir, writeFile } from "node:fs/promises"
import { bundleAgent } from "./agent.ts"
import { bundlePageAgent } from "./page-agent.ts"

const dist = new URL("../dist/", import.meta.url)
await mkdir(dist, { recursive: true })
await writeFile(
  new URL("agent-source.js", dist),
  `/** The agents: what is evaluated in each thread of a process that is looked at, and what pages import. Made from src/agent by build/agent.ts and build/page-agent.ts. */
const source = ${JSON.stringify(await bundleAgent())}
export const loadAgentSource = () => Promise.resolve(source)
const page = ${JSON.stringify(await bundlePageAgent())}
export const loadPageAgent = () => Promise.resolve(page)
`,
)
