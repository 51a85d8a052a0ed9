/** The flag that says where to listen, and what to say when somebody does already. */
import { Flag } from "effect/cli"
import { between } from "./between.ts"

export const portFlag = (name: string, usual: number, whose = "Port"): Flag.Flag<number> =>
  Flag.Int(name).pipe(
    between(0, 65_535),
    Flag.withDefault(usual),
    Flag.withDescription(`${whose} on loopback, 0 for any free one (default ${usual})`),
  )

export const inUse = (cause: unknown, port: number, name = "port"): string =>
  (cause as NodeJS.ErrnoException).code === "EADDRINUSE"
    ? `Port ${port} is in use; choose another with --${name}, or --${name} 0 for any free one.`
    : cause instanceof Error
      ? cause.message
      : String(cause)
