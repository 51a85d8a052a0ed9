import { describe, Panic } from "./panic.ts"

/**
 * `from` of a shared thing was given something else than what `share()` of its own kind gives.
 *
 * @since 0.2.0
 */
export class HandleMismatch extends Panic<{ kind: string; given: unknown }> {
  override readonly name = "HandleMismatch"

  constructor(kind: string, given: unknown) {
    const weft = (given as { readonly weft?: unknown } | null | undefined)?.weft
    const what =
      typeof weft === "string" && weft !== kind ? `the handle of ${weft}` : `${describe(given)}, which is no handle`
    super(`weft: ${kind} from ${what}; pass what ${kind}.share() gave`, { kind, given })
  }
}
