/** What runs in pages too: nothing here needs Node. */
export { CannotConnect, connect, type Connected } from "./connect.ts"
export { performanceTracks } from "./performance-tracks.ts"
