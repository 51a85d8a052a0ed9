import { describe, expect, it } from "vitest"
import { chapters } from "../src/chapters.ts"
import { width } from "../src/terminal/wrap.ts"
import { demo, start } from "./demo.ts"

const tooWide = (text: string, columns: number): Array<string> =>
  text.split("\n").filter((line) => width(line) > columns && line.trim().includes(" "))

describe("the command line", () => {
  it("lists every chapter with its title", async () => {
    const { code, stdout } = await demo(["list"])
    expect(code).toBe(0)
    for (const { name, title } of chapters) expect(stdout).toMatch(new RegExp(`^ +${name} +${title}$`, "m"))
  })

  it("explains itself with --help", async () => {
    const { code, stdout } = await demo(["--help"])
    expect(code).toBe(0)
    for (const word of ["Usage", "list", "fetch", "files", "serve", "browser", "million", "--no-color"])
      expect(stdout).toContain(word)
  })

  const refused = async ({ args, says }: { readonly args: ReadonlyArray<string>; readonly says: RegExp }) => {
    const { code, stderr, stdout } = await demo(args)
    expect(stderr.replace(/\s+/g, " ")).toMatch(says)
    expect(stdout).toBe("")
    expect(code).toBe(2)
  }

  it.each([
    { args: ["chanels"], says: /no chapter or command "chanels"\. Did you mean channels\?/ },
    { args: ["fetch"], says: /at least one URL/ },
  ])("says what is wrong with $args, on stderr, with code 2", refused)

  it.each([
    { args: ["xyzzy"], says: /no chapter or command "xyzzy"[\s\S]*list/ },
    { args: ["channels", "--sorce"], says: /no flag --sorce here\. Did you mean --source\?/ },
    { args: ["channels", "extra"], says: /extra/ },
    { args: ["fetch", "example.com"], says: /perhaps https:\/\/example\.com/ },
    { args: ["fetch", "http://"], says: /"http:\/\/": expected a URL, as https:\/\/example\.com\/a\.json\./ },
    { args: ["fetch", "http://127.0.0.1:1", "-o", "/none/x"], says: /--output "\/none\/x": .* be written \(ENOENT/ },
    { args: ["fetch", "ftp://example.com"], says: /http:\/\/ or https:\/\// },
    { args: ["fetch", "http://127.0.0.1", "--concurrency", "0"], says: /concurrency/ },
    { args: ["fetch", "http://127.0.0.1", "--timeout", "soon"], says: /a duration such as/ },
    { args: ["files", "--port", "99999"], says: /port/ },
    { args: ["serve", "--ui-port", "-1"], says: /port/ },
    { args: ["browser", "--port", "99999"], says: /port/ },
  ])("says what is wrong with $args, on stderr, with code 2", { tags: "long" }, refused)
})

describe("colour", () => {
  it.each([
    { how: "FORCE_COLOR", args: [], env: { FORCE_COLOR: "1" }, colored: true },
    { how: "a pipe", args: [], env: {}, colored: false },
    { how: "NO_COLOR over FORCE_COLOR", args: [], env: { FORCE_COLOR: "1", NO_COLOR: "1" }, colored: false },
    { how: "--no-color over FORCE_COLOR", args: ["--no-color"], env: { FORCE_COLOR: "1" }, colored: false },
  ])("follows $how", { tags: "long" }, async ({ args, colored, env }) => {
    const { stdout } = await demo(["buffered", ...args], env)
    expect(stdout.includes("\x1b[")).toBe(colored)
  })
})

describe("a terminal of 40 columns", () => {
  it.each([["list"], ["--help"], ["fetch", "--help"], ["browser", "--help"], ["serve", "--help"]])(
    "has no line of %s run over",
    { tags: "long" },
    async (...args) => {
      const { stdout } = await demo(args, { COLUMNS: "40" })
      expect(stdout).not.toBe("")
      expect(tooWide(stdout, 40)).toEqual([])
    },
  )
})

describe("a chapter in a process of its own", () => {
  it.each(["interrupt", "kill"] as const)("ends with the program: %s", { tags: "long" }, async (how) => {
    const running = start(["million"])
    await running.printed("goroutines, all but main are parked")
    running[how]()
    // Comes once nobody has the pipe any more, the chapter's own process included.
    const { code, stdout } = await running.ended
    expect(stdout).not.toContain("all of them have run to their end")
    expect(code).toBe(how === "kill" ? null : 130)
  })
})
