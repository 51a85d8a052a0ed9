/** Runs `vitest.fixture.ts` alone, for vitest.node.test.ts: its tests fail on purpose. */
import { defaultClientConditions, defaultServerConditions } from "vite"
import { defineConfig } from "vitest/config"

const source = "@weft/source"

export default defineConfig({
  resolve: { conditions: [source, ...defaultClientConditions] },
  ssr: { resolve: { conditions: [source, ...defaultServerConditions], externalConditions: [source] } },
  test: {
    root: import.meta.dirname,
    include: ["vitest.fixture.ts"],
    testTimeout: 1,
    execArgv: [`--conditions=${source}`],
  },
})
