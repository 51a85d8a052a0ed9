import { task } from "@weft/workers"

// In a thread of a pool whose `env` says so: whoever listens is told, and it never ends.
const channel = process.env["ENDLESS_MODULE"]
if (channel !== undefined) {
  new BroadcastChannel(channel).postMessage("loads")
  for (;;);
}

export const inEndlessModule = task(import.meta.url, "inEndlessModule", function* () {})
