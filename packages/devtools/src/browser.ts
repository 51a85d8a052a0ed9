/** What runs in pages too: nothing here needs Node. */
export { performanceTracks } from "./performance-tracks.ts"
