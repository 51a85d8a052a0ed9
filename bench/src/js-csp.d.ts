/** js-csp has no types of its own. These are the parts that the benchmarks call. */
declare module "js-csp" {
  export interface Chan<T> {
    close(): void
    readonly __message?: T
  }
  export type Instruction = object
  export interface AltResult {
    readonly value: unknown
    readonly channel: unknown
  }
  const csp: {
    readonly CLOSED: null
    readonly DEFAULT: object
    readonly NO_VALUE: object
    chan<T>(buffer?: number): Chan<T>
    go<A>(body: (...args: Array<never>) => Generator<Instruction, A, never>, args?: ReadonlyArray<unknown>): Chan<A>
    put<T>(channel: Chan<T>, value: T): Instruction
    take<T>(channel: Chan<T>): Instruction
    alts(operations: ReadonlyArray<Chan<unknown>>, options?: { default?: unknown }): Instruction
    offer<T>(channel: Chan<T>, value: T): boolean
    poll<T>(channel: Chan<T>): T | object
    timeout(millis: number): Chan<never>
    takeAsync<T>(channel: Chan<T>, callback: (value: T) => void): void
  }
  export default csp
}
