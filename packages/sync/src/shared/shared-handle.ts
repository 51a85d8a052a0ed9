/**
 * What a message can carry to another thread in place of a shared primitive: the `from` of its class makes it one again.
 *
 * @since 0.2.0
 */
export interface SharedHandle<Kind extends string = string> {
  readonly weft: Kind
  readonly buffer: SharedArrayBuffer
  readonly offset: number
}
