/**
 * A light syntax colouring: comments, strings, keywords, numbers. One regular expression, no parser: it is for short
 * listings of our own, in TypeScript and Go, and being wrong costs a colour.
 */
import type { Paint } from "./paint.ts"

const KEYWORDS =
  "async|await|break|case|catch|chan|close|const|continue|default|defer|else|export|finally|for|from|func|function|go|" +
  "if|import|in|interface|let|make|new|of|package|range|return|select|switch|throw|true|false|try|type|undefined|" +
  "using|var|while|yield"

// Order matters: a keyword inside a string or a comment must not be seen.
const TOKENS = new RegExp(
  [
    String.raw`(?<comment>\/\/[^\n]*|\/\*[\s\S]*?\*\/)`,
    String.raw`(?<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|${"`"}(?:[^${"`"}\\]|\\.)*${"`"})`,
    String.raw`(?<keyword>\b(?:${KEYWORDS})\b(?:\*)?)`,
    String.raw`(?<number>\b\d[\d_.]*\b)`,
  ].join("|"),
  "g",
)

export function highlight(code: string, { blue, dim, green, magenta }: Paint): string {
  return code.replace(TOKENS, (token: string, ...rest: Array<unknown>) => {
    const groups = rest.at(-1) as Record<string, string | undefined>
    if (groups["comment"] !== undefined) return linewise(token, dim)
    if (groups["string"] !== undefined) return linewise(token, green)
    return groups["keyword"] === undefined ? blue(token) : magenta(token)
  })
}

/** A colour that stays open over a line break would run into whatever is printed beside the code. */
const linewise = (token: string, style: (text: string) => string): string => token.split("\n").map(style).join("\n")
