import { run } from "@weft/core"
import { Pool } from "@weft/workers"
import { expect, it } from "vitest"
import { showsEnv } from "./tasks/host-things.node.ts"

it("a pool's threads have the variables that it is given, but for those that are undefined", () =>
  run(function* () {
    const pool = new Pool({ threads: 1, env: { SET: "here", EMPTY: "", GONE: undefined } })
    expect(yield* pool.spawn(showsEnv)).toEqual({ SET: "here", EMPTY: "" })
    void pool.terminate()
  }))
