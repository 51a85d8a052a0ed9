/** The program's own worker script. */
import "@weft/workers/thread"
import "./tasks.ts"
