/**
 * What `console.log` shows of an instance, in Node, Deno and Bun: by itself it is everything that the object leads to. To be called in a static
 * block: isolatedDeclarations knows no method with a name like this one's.
 */
export function shownAs<T extends object>(kind: { readonly prototype: T }, show: (instance: T) => string): void {
  Object.defineProperty(kind.prototype, Symbol.for("nodejs.util.inspect.custom"), {
    value(this: T) {
      return show(this)
    },
  })
}
