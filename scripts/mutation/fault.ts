/** A small fault, as somebody might make it by mistake. */
export interface Fault {
  /** The file's name, then what it does: "wait-list: serves the last one first". */
  readonly name: string
  /** Under `packages/`. */
  readonly file: string
  /** Stands in the file exactly once. */
  readonly find: string
  readonly replace: string
  /** The law that is broken. */
  readonly breaks: string
  /** Why nobody can notice it: then it may survive. */
  readonly equivalent?: string
}

/** The faulty text of a file; throws unless the fault's place is found exactly once. */
export function seed(fault: Fault, text: string): string {
  const places = text.split(fault.find).length - 1
  if (places !== 1) throw new StaleFault(fault, places)
  // A function: `$` in a replacement is only a dollar.
  return text.replace(fault.find, () => fault.replace)
}

/** The code has moved on, and the list of faults has to follow. */
export class StaleFault extends Error {
  constructor(fault: Fault, places: number) {
    super(`${fault.file} has ${places === 0 ? "no" : places} places for "${fault.name}"; renew its \`find\``)
  }
}
