/**
 * Starts the page. Apart from page.ts, as threads import what is bundled with their tasks: nothing there may act on being imported.
 */
const { start } = await import("./page.ts")
start()

export {}
