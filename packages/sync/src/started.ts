import { generatorOf, go, type Goroutine, type Yieldable } from "@weft/core"

/** Starts a body as `go` does; what can't be one is refused in the name of `caller`, whom the user has called. */
export function started(caller: string, body: unknown, args: ReadonlyArray<unknown>): Goroutine {
  const generator = generatorOf(caller, body, args) as Generator<Yieldable, unknown, never>
  const { name } = body as { readonly name?: string }
  return go.named(name ?? "", () => generator)
}
