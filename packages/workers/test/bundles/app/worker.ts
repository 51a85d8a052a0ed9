/** The program's own worker script: this package first, and then the tasks' modules. One that runs a program, too, does not run it here. */
import "@weft/workers/thread"
import "./tasks.ts"
