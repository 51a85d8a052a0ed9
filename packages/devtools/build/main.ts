/** After rollup: what is no module of the package. The agent as a text; the page and its assets. */
import { mkdir, writeFile } from "node:fs/promises"
import { bundleAgent } from "./agent.ts"

const dist = new URL("../dist/", import.meta.url)
await mkdir(dist, { recursive: true })
await writeFile(
  new URL("agent-source.js", dist),
  `/** The agent: what is evaluated in each thread of a process that is looked at. Made from src/agent by build/agent.ts. */
const source = ${JSON.stringify(await bundleAgent())}
export const loadAgentSource = () => Promise.resolve(source)
`,
)
