/**
 * What `poll` answers when an op can't complete now.
 *
 * @since 0.1.0
 */
export const NotReady: unique symbol = Symbol.for("@weft/core/NotReady")

/** @since 0.1.0 */
export type NotReady = typeof NotReady
