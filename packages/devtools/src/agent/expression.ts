export interface AgentOptions {
  /** The client's socket. */
  readonly path: string
  readonly token: string
}

/** What is evaluated to start the agent: `source` is the text of a function, which is given its own text, for the threads that it starts in. */
export function expressionFor(source: string, options: AgentOptions): string {
  return `(${source})(${JSON.stringify(source)},${JSON.stringify(options)})`
}
