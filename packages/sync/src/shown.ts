/**
 * What `console.log` shows of an instance, in Node, Deno and Bun: `Mutex (free, 0 waiting)`. By itself it is `Mutex {}`, as all of it is private.
 *
 * A static member holds the answer: isolatedDeclarations knows no method with a name like this one's, and a class with a static block stays in a
 * bundle though nobody uses it. `as true`, as TypeScript drops the mark of a pure call where the member has its type in front of it.
 */
export function shown<T extends object>(
  name: string,
  kind: { readonly prototype: T },
  status: (instance: T) => unknown,
): unknown {
  Object.defineProperty(kind.prototype, Symbol.for("nodejs.util.inspect.custom"), {
    value(this: T) {
      try {
        return `${name} (${String(status(this))})`
      } catch {
        // The prototype, or a Proxy, has none of what is private: the host shows these as it does others.
        return this
      }
    },
  })
  return true
}
