/** A worker of the program's own. */
import "@weft/workers/thread"
import "./tasks.ts"
