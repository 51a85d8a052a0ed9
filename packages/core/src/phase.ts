/**
 * How far a commit of an op has come: none under way; polled and not ready; yielded to whoever runs the generator; its result stands in
 * `value`, for an iteration that a fiber resumes.
 *
 * For ops that write out their own iteration.
 *
 * @since 0.1.0
 */
export const Phase: {
  readonly Idle: 0
  readonly Polled: 1
  readonly Yielded: 2
  readonly Delivered: 3
} = { Idle: 0, Polled: 1, Yielded: 2, Delivered: 3 }
