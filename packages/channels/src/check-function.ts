import { InvalidBody } from "@weft/core"

/** @throws InvalidBody, in the name of `caller`, unless `f` can be called: else that would be said at the first value, which is lost. */
export function checkFunction(caller: string, f: unknown): void {
  if (typeof f !== "function") throw new InvalidBody(caller, f, "pass a function")
}
