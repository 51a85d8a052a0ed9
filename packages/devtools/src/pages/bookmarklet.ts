import { nobodyThere } from "./nobody-there.ts"

/** A bookmark that connects the page on which it is clicked: all that the page needs is Weft itself. */
export function bookmarklet(origin: string, address: string): string {
  const nobody = `${nobodyThere(origin)}, then click again.`
  const forbidden = policyAdvice(origin)
  const script = `(async()=>{let p;const f=e=>{p=e.effectiveDirective};addEventListener("securitypolicyviolation",f);try{await(await import(${JSON.stringify(`${origin}/agent.js`)})).connect(${JSON.stringify(address)})}catch(e){await new Promise(r=>setTimeout(r,100));const w="Weft: "+(p?"this page's Content-Security-Policy forbids it ("+p+"). "+${JSON.stringify(forbidden)}:e instanceof TypeError?${JSON.stringify(nobody)}:e.message);console.warn(w);alert(w)}finally{removeEventListener("securitypolicyviolation",f)}})()`
  return `javascript:${encodeURI(script).replaceAll("#", "%23")}`
}

/** What to do about a page's Content-Security-Policy. */
export const policyAdvice = (origin: string): string =>
  `While developing, allow ${origin} in its script-src, and ${origin.replace(/^http/, "ws")} in its connect-src.`
