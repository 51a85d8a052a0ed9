/**
 * ValueText: what a value is, in a line of bounded length.
 *
 * The program must not notice that it is looked at. So nothing of its own runs: own properties are read from their descriptors, getters are named and not called, a Proxy is
 * never looked into, no `toString`, `toJSON` or custom inspection is asked; what is inside of a Map or a Date is got by the language's own functions. Nothing is kept either.
 *
 * Bounds: depth, entries of each level, characters of a string and of the whole. The keys of an object can only be had all at once; one with very many is remembered, weakly, and
 * not listed again, so that listing it costs less than making it did. All kinds of values stand here together, as they share the text and its bound.
 */
import { type HostTypes, hostTypes } from "./own-data.ts"
import { SecretKeys } from "./secret-keys.ts"

export interface ValueTextOptions {
  readonly redact: ReadonlyArray<string>
  readonly maxLength: number
}

const mostDepth = 4
const mostEntries = 16
const longestString = 100
const longestKey = 40
const longestName = 60
const mostKnownKeys = 2000
const mostPrototypes = 8
/** Of one object, to list them more than once. */
const mostKeys = 10_000
const mostDigits = 2n ** 512n

export class ValueText {
  readonly #types: HostTypes | null
  readonly #secrets: SecretKeys
  readonly #maxLength: number
  /** Of a string within a value: what stands beside it is to be seen too. */
  readonly #longestString: number
  readonly #nameOf: (object: object) => string | undefined
  /** Objects with very many keys, and how many they had. */
  readonly #large = new WeakMap<object, number>()
  /** "name: " or "name: [redacted]" for each key: a program's keys are few, and come again and again. */
  readonly #keys = new Map<string, string>()
  readonly #names = new WeakMap<object, string>()
  /** The text so far, in parts: kept as one string it would be kept as a tree of them. Past its bound nothing is added any more. */
  readonly #parts: Array<string> = []
  #length = 0
  /** Objects that are being shown, outermost first. */
  readonly #within: Array<object> = []

  /** `nameOf` knows things of Weft's by name: a channel that is sent over another. */
  constructor(
    { maxLength, redact }: ValueTextOptions,
    nameOf: (object: object) => string | undefined = () => undefined,
    types: HostTypes | null = hostTypes(),
  ) {
    this.#types = types
    this.#secrets = new SecretKeys(redact)
    this.#maxLength = maxLength
    this.#longestString = Math.max(longestString, maxLength >> 1)
    this.#nameOf = nameOf
  }

  of(value: unknown): string {
    try {
      if (typeof value === "string") this.#add(quoted(value, this.#maxLength))
      else this.#show(value)
    } catch {
      // A module whose names are not bound yet, an object of the host's that refuses.
      this.#add("[unreadable]")
    }
    this.#within.length = 0
    const text = this.#parts.join("")
    this.#parts.length = 0
    this.#length = 0
    return text.length <= this.#maxLength ? text : `${text.slice(0, cutAt(text, this.#maxLength))}…`
  }

  get #isFull(): boolean {
    return this.#length > this.#maxLength
  }

  #add(text: string): void {
    if (text === "" || this.#isFull) return
    this.#parts.push(text)
    this.#length += text.length
  }

  #show(value: unknown): void {
    switch (typeof value) {
      case "string":
        return this.#add(quoted(value, this.#longestString))
      case "bigint":
        return this.#add(value < mostDigits && value > -mostDigits ? `${value}n` : "[bigint of many digits]")
      case "symbol":
        return this.#add(`Symbol(${clean(cut(value.description ?? "", longestName))})`)
      case "object":
        return value === null ? this.#add("null") : this.#object(value)
      case "function":
        return this.#object(value)
      case "number":
        return this.#add(Object.is(value, -0) ? "-0" : `${value}`)
      default:
        return this.#add(String(value))
    }
  }

  #object(value: object): void {
    const types = this.#types
    if (types === null) return this.#add(typeof value === "function" ? "[function]" : "[object]")
    if (types.isProxy(value)) return this.#add("[Proxy]")
    const known = this.#nameOf(value)
    if (known !== undefined) return this.#add(`[${clean(cut(known, longestName))}]`)
    if (typeof value === "function") return this.#add(`[function ${this.#nameOfFunction(value)}]`.replace(" ]", "]"))
    if (this.#within.includes(value)) return this.#add("[circular]")
    if (this.#within.length >= mostDepth) return this.#add(`[${this.#className(value) || "object"}]`)
    this.#within.push(value)
    this.#inside(value, types)
    this.#within.pop()
  }

  #inside(value: object, types: HostTypes): void {
    // Most are: the host is asked a dozen questions about any other.
    if (Object.getPrototypeOf(value) === Object.prototype) return this.#plain(value, "{")
    if (Array.isArray(value)) return this.#array(value)
    if (types.isMap(value)) return this.#map(value)
    if (types.isSet(value)) return this.#set(value)
    if (types.isTypedArray(value)) return this.#typedArray(value)
    if (types.isSharedArrayBuffer(value)) return this.#add(`SharedArrayBuffer(${byteLength(value, true)})`)
    if (types.isArrayBuffer(value)) return this.#add(`ArrayBuffer(${byteLength(value, false)})`)
    if (types.isDataView(value)) return this.#add("DataView")
    if (types.isDate(value)) return this.#add(dateText(value))
    if (types.isRegExp(value)) return this.#add(regExpText(value))
    if (isError(value, types)) return this.#error(value)
    if (types.isBoxedPrimitive(value) || types.isModuleNamespaceObject(value))
      return this.#add(`[${this.#className(value) || "object"}]`)
    if (types.isPromise(value) || types.isGeneratorObject(value) || types.isWeakMap(value) || types.isWeakSet(value))
      return this.#add(`[${this.#className(value) || "Generator"}]`)
    const name = this.#className(value)
    this.#plain(value, name === "" ? "{" : `${name} {`)
  }

  #plain(value: object, opening: string): void {
    this.#add(opening)
    this.#properties(value)
    this.#add("}")
  }

  #array(array: ReadonlyArray<unknown>): void {
    const name = this.#className(array)
    this.#add(name === "Array" || name === "" ? "[" : `${name}(${array.length}) [`)
    const shown = Math.min(array.length, mostEntries)
    // ["Cookie", "..."], as headers come.
    let isSecret = false
    for (let i = 0; i < shown && !this.#isFull; i++) {
      if (i > 0) this.#add(", ")
      const property = Object.getOwnPropertyDescriptor(array, i)
      if (isSecret) this.#add(redacted)
      else this.#described(property)
      isSecret = !isSecret && this.#isSecretName(property)
    }
    this.#add(`${more(array.length - shown)}]`)
  }

  #map(map: ReadonlyMap<unknown, unknown>): void {
    const size = sizeOfMap.call(map) as number
    this.#add(`${this.#className(map) || "Map"}(${size}) {`)
    const entries = mapEntries.call(map) as IterableIterator<[unknown, unknown]>
    const shown = Math.min(size, mostEntries)
    for (let i = 0; i < shown && !this.#isFull; i++) {
      const entry = mapNext.call(entries) as IteratorResult<[unknown, unknown]>
      if (entry.done === true) break
      const key = entry.value[0]
      if (i > 0) this.#add(", ")
      this.#show(key)
      this.#add(" => ")
      if (typeof key === "string" && this.#secrets.has(key)) this.#add(redacted)
      else this.#show(entry.value[1])
    }
    this.#add(`${more(size - shown)}}`)
  }

  #set(set: ReadonlySet<unknown>): void {
    const size = sizeOfSet.call(set) as number
    this.#add(`${this.#className(set) || "Set"}(${size}) {`)
    const values = setValues.call(set) as IterableIterator<unknown>
    const shown = Math.min(size, mostEntries)
    for (let i = 0; i < shown && !this.#isFull; i++) {
      const entry = setNext.call(values) as IteratorResult<unknown>
      if (entry.done === true) break
      if (i > 0) this.#add(", ")
      this.#show(entry.value)
    }
    this.#add(`${more(size - shown)}}`)
  }

  #typedArray(array: NodeJS.TypedArray): void {
    // What is inherited may have been replaced; the elements can't have been.
    const length = lengthOfTyped.call(array) as number
    this.#add(`${tagOfTyped.call(array) as string}(${length}) [`)
    const shown = Math.min(length, mostEntries)
    for (let i = 0; i < shown && !this.#isFull; i++) this.#add(`${i > 0 ? ", " : ""}${array[i]}`)
    this.#add(`${more(length - shown)}]`)
  }

  #error(error: Error): void {
    const message = Object.getOwnPropertyDescriptor(error, "message")?.value as unknown
    const name = this.#inherited(error, "name")
    this.#add(clean(cut(typeof name === "string" ? name : this.#className(error) || "Error", longestName)))
    if (typeof message === "string" && message !== "") this.#add(`: ${clean(cut(message, this.#longestString))}`)
    // Not the stack: to read it may run a function of the program's that formats it.
    const before = this.#parts.length
    this.#add(" {")
    this.#properties(error)
    if (this.#parts.length > before + 1) this.#add("}")
    else this.#length -= this.#parts.splice(before).join("").length
  }

  #properties(object: object): void {
    const large = this.#large.get(object)
    if (large !== undefined) return this.#add(`${large} keys`)
    const keys = Reflect.ownKeys(object)
    if (keys.length > mostKeys) this.#large.set(object, keys.length)
    let shown = 0
    let seen = 0
    for (const key of keys) {
      if (this.#isFull || shown === mostEntries) break
      seen++
      if (typeof key === "symbol") continue
      const property = Object.getOwnPropertyDescriptor(object, key)
      // Those hidden of Error's are shown, or not for reading.
      if (property?.enumerable !== true && key !== "cause") continue
      if (shown++ > 0) this.#add(", ")
      const text = this.#keys.get(key) ?? this.#keyText(key)
      this.#add(text)
      if (text.endsWith(redacted)) continue
      if (namesOfValues.has(key.toLowerCase()) && this.#isNamedSecret(object, keys)) this.#add(redacted)
      else this.#described(property)
    }
    this.#add(more(keys.length - seen))
  }

  #keyText(key: string): string {
    const text = `${isIdentifier.test(key) ? key : quoted(key, longestKey)}: ${this.#secrets.has(key) ? redacted : ""}`
    if (this.#keys.size >= mostKnownKeys) this.#keys.clear()
    if (key.length <= longestName) this.#keys.set(key, text)
    return text
  }

  /** { name: "Cookie", value: "..." } */
  #isNamedSecret(object: object, keys: ReadonlyArray<string | symbol>): boolean {
    return keys.some(
      (key) =>
        typeof key === "string" &&
        namesOfNames.has(key.toLowerCase()) &&
        this.#isSecretName(Object.getOwnPropertyDescriptor(object, key)),
    )
  }

  #isSecretName(property: PropertyDescriptor | undefined): boolean {
    const name: unknown = property?.value
    return typeof name === "string" && name.length <= longestKey && this.#secrets.has(name)
  }

  #described(property: PropertyDescriptor | undefined): void {
    if (property === undefined) this.#add("empty")
    else if (property.get !== undefined || property.set !== undefined) this.#add("[getter]")
    else this.#show(property.value)
  }

  /** The name of its class; "" for a plain object. */
  #className(value: object): string {
    const constructor = this.#inherited(value, "constructor")
    if (typeof constructor !== "function" || this.#types!.isProxy(constructor)) return ""
    const known = this.#names.get(constructor)
    if (known !== undefined) return known
    const name = this.#nameOfFunction(constructor)
    this.#names.set(constructor, name === "Object" ? "" : name)
    return name === "Object" ? "" : name
  }

  #nameOfFunction(f: object): string {
    const name = Object.getOwnPropertyDescriptor(f, "name")?.value as unknown
    return typeof name === "string" ? clean(cut(name, longestName)) : ""
  }

  /** A plain property of it, or of what it inherits from. */
  #inherited(value: object, key: string): unknown {
    let holder: object | null = value
    for (let i = 0; holder !== null && i < mostPrototypes; i++) {
      if (this.#types!.isProxy(holder)) return undefined
      const property = Object.getOwnPropertyDescriptor(holder, key)
      if (property !== undefined) return property.value
      holder = Object.getPrototypeOf(holder) as object | null
    }
    return undefined
  }
}

const redacted = "[redacted]"
const namesOfNames: ReadonlySet<string> = new Set(["name", "key", "header", "field", "type", "id", "k"])
const namesOfValues: ReadonlySet<string> = new Set(["value", "values", "val", "v", "content", "data"])

const more = (left: number): string => (left > 0 ? `, … ${left} more` : "")

const isIdentifier = /^[\p{ID_Start}$_][\p{ID_Continue}$]{0,39}$/u

function quoted(text: string, longest: number): string {
  const shown = cut(text, longest)
  return clean(JSON.stringify(shown)) + (shown.length < text.length ? `… ${text.length} characters` : "")
}

const cut = (text: string, longest: number): string =>
  text.length <= longest ? text : text.slice(0, cutAt(text, longest))

/** Not between the halves of one character. */
const cutAt = (text: string, at: number): number => ((text.charCodeAt(at - 1) & 0xfc00) === 0xd800 ? at - 1 : at)

/** Without what would drive a terminal, or turn the direction of what follows. */
const clean = (text: string): string =>
  text.replace(controls, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`)
// eslint-disable-next-line no-control-regex -- those are what it is about; by their numbers it is twice as quick as by their class
const controls = /[\u0000-\u001F\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/g

const dateText = (date: Date): string =>
  Number.isNaN(Date.prototype.getTime.call(date)) ? "Date (invalid)" : Date.prototype.toISOString.call(date)

const flags = {
  ...{ hasIndices: "d", global: "g", ignoreCase: "i", multiline: "m" },
  ...{ dotAll: "s", unicode: "u", unicodeSets: "v", sticky: "y" },
}

/** `flags` itself asks for properties, which may be getters of the program's. */
function regExpText(regExp: RegExp): string {
  const own = Object.entries(flags).map(([name, flag]) =>
    getter(RegExp.prototype, name).call(regExp) === true ? flag : "",
  )
  return clean(`/${cut(getter(RegExp.prototype, "source").call(regExp) as string, longestString)}/${own.join("")}`)
}

/** Each kind has its own; hosts may lack the shared one. */
const byteLength = (buffer: object, isShared: boolean): number =>
  getter(isShared ? SharedArrayBuffer.prototype : ArrayBuffer.prototype, "byteLength").call(buffer) as number

interface TellsErrors {
  readonly isError?: (value: unknown) => boolean
  readonly isNativeError: (value: unknown) => boolean
}

/** The language's own test, which Node 22 does not have, or Node's. */
function isError(value: object, types: HostTypes): value is Error {
  const { isError = (types as TellsErrors).isNativeError } = Error as unknown as TellsErrors
  return isError(value)
}

type Getter = (this: unknown) => unknown

const method = (prototype: object, name: string): Getter =>
  Object.getOwnPropertyDescriptor(prototype, name)!.value as Getter

const getter = (prototype: object, name: string | symbol): Getter =>
  (Object.getOwnPropertyDescriptor(prototype, name) as { readonly get: Getter }).get

const typed = Object.getPrototypeOf(Uint8Array.prototype) as object
const lengthOfTyped = getter(typed, "length")
const tagOfTyped = getter(typed, Symbol.toStringTag)
const sizeOfMap = getter(Map.prototype, "size")
const sizeOfSet = getter(Set.prototype, "size")
const mapEntries = method(Map.prototype, "entries")
const setValues = method(Set.prototype, "values")
const mapNext = method(Object.getPrototypeOf(new Map().entries()) as object, "next")
const setNext = method(Object.getPrototypeOf(new Set().values()) as object, "next")
