#!/usr/bin/env node
/** The command `weft`. */
import module from "node:module"

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number)
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(
    `weft: Node ${process.versions.node} is too old to run this; use 22.19 or later. The process that is looked at may run an older one.\n`,
  )
  process.exitCode = 1
} else {
  // Compiled code is kept from one start to the next, which halves it.
  module.enableCompileCache()
  const { runProgram } = await import("./program.ts")
  runProgram()
}
