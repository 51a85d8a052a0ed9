export { seeded } from "./seeded.ts"
export { virtualTime } from "./virtual-clock.ts"
