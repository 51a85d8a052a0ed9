#!/usr/bin/env node
/** The command `weft`. What it needs is loaded from V8's cache where that is possible: it halves the start. */
import { enableCompileCache } from "node:module"

enableCompileCache()
const { runProgram } = await import("./program.ts")
runProgram()
