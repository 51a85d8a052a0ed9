/**
 * How the agent gets into a thread by an inspector: its text is evaluated, which gives a function, and that is called.
 *
 * In two steps, and not as one script with the options in it: engines keep the scripts that they have compiled, and of one text only one.
 */
export interface AgentOptions {
  /** The client's socket. */
  readonly path: string
  readonly token: string
  /** The inspector was opened for this agent: it sees to it that it is closed again, though its client may be gone. */
  readonly closesInspector?: boolean
  /** In the process that attaches to itself: told in the same breath, as what it is told of may end the process. */
  readonly onEvent?: (event: string, detail: string, snapshot: (siteOf: (text: string) => string) => Uint8Array) => void
}

export interface InspectorRequest {
  readonly method: string
  readonly params: object
}

/** Gives the function. */
export const evaluateAgent = (source: string): InspectorRequest => ({
  method: "Runtime.evaluate",
  params: { expression: `(${source})`, silent: true, objectGroup },
})

/** Calls it: `objectId` is what the first step gave. `awaitPromise`: answered when it has reached its client, or can't, and not at once. */
export const callAgent = (
  objectId: string,
  source: string,
  options: AgentOptions,
  awaitPromise = false,
): InspectorRequest => ({
  method: "Runtime.callFunctionOn",
  params: {
    objectId,
    functionDeclaration: "function (source, options) { return this(source, options) }",
    arguments: [{ value: source }, { value: options }],
    returnByValue: true,
    awaitPromise,
    silent: true,
  },
})

/** Lets go of the function. */
export const releaseAgent = (): InspectorRequest => ({ method: "Runtime.releaseObjectGroup", params: { objectGroup } })

const objectGroup = "weft"
