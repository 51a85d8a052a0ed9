import { type Context, ContextMisuse, describe } from "@weft/core"

/**
 * Answers `ctx`, or panics: what is no context would be noticed at the first wait that parks, in the middle of it, or never. `op` is what a select
 * takes in the wait's place.
 */
export function checkedContext(caller: string, ctx: Context | undefined, op: string): Context | undefined {
  if (ctx === undefined) return ctx
  const given = ctx as { readonly done?: { readonly enqueue?: unknown } } | null
  if (typeof given?.done?.enqueue === "function") return ctx
  throw new ContextMisuse(
    `sync: ${caller} with ${describe(ctx)}; pass a context, or, to give up by a signal, select on ${op} and Op.fromAbortSignal(signal)`,
    { ctx },
  )
}
