/**
 * A light syntax colouring: comments, strings, keywords, numbers. One regular expression, no parser: it is for short
 * listings of our own, in TypeScript and Go, and being wrong costs a colour.
 */
import type { Paint } from "./paint.ts"

const KEYWORDS = {
  ts:
    "async|await|break|case|catch|const|continue|default|else|export|finally|for|from|function|if|import|in|interface|let|" +
    "new|of|return|switch|throw|true|false|try|type|undefined|using|while|yield",
  go: "break|case|chan|const|continue|default|defer|else|for|func|go|if|import|map|package|range|return|select|string|bool|struct|var",
}

export type Language = keyof typeof KEYWORDS

// Order matters: a keyword inside a string or a comment must not be seen.
const tokens = (language: Language): RegExp =>
  new RegExp(
    [
      String.raw`(?<comment>\/\/[^\n]*|\/\*[\s\S]*?\*\/)`,
      String.raw`(?<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|${"`"}(?:[^${"`"}\\]|\\.)*${"`"})`,
      String.raw`(?<keyword>\b(?:${KEYWORDS[language]})\b\*?)`,
      String.raw`(?<call>\b(?:after|chan|go|run|select|sleep|trySelect)(?=[(<]))`,
      String.raw`(?<number>\b\d[\d_.]*\b)`,
    ].join("|"),
    "g",
  )

export function highlight(code: string, language: Language, { blue, cyan, dim, green, magenta }: Paint): string {
  return code.replace(tokens(language), (token: string, ...rest: Array<unknown>) => {
    const groups = rest.at(-1) as Record<string, string | undefined>
    if (groups["comment"] !== undefined) return linewise(token, dim)
    if (groups["string"] !== undefined) return linewise(token, green)
    if (groups["keyword"] !== undefined) return magenta(token)
    return groups["call"] === undefined ? blue(token) : cyan(token)
  })
}

/** A colour that stays open over a line break would run into whatever is printed beside the code. */
const linewise = (token: string, style: (text: string) => string): string => token.split("\n").map(style).join("\n")
