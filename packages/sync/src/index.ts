export { NegativeWaitGroupCounter, WaitGroup } from "./wait-group.ts"
