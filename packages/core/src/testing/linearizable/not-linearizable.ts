import type { Window } from "./window.ts"

/**
 * No order of the operations in a history explains what they returned: what `linearizable.check` throws.
 *
 * The message has the reason and the picture; `window` what they are made of; `html()` gives the picture as a page of its own.
 *
 * @since 0.1.0
 */
export class NotLinearizable<out State = unknown, out Call = unknown, out Result = unknown> extends Error {
  override readonly name = "NotLinearizable"
  readonly window: Window<State, Call, Result>
  readonly html: () => string

  constructor(text: string, window: Window<State, Call, Result>, html: () => string) {
    super(text)
    this.window = window
    this.html = html
  }
}
