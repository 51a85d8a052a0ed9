import { fileURLToPath } from "node:url"
import { Tinypool } from "tinypool"
import { type TaskPool, threadFile, threads } from "./pool.ts"

export function startTinypool(count: number = threads): TaskPool {
  const pool = new Tinypool({ filename: fileURLToPath(threadFile("tinypool")), minThreads: count, maxThreads: count })
  return {
    run: (name, argument) => pool.run(argument, { name }) as Promise<number>,
    passBack: (bytes) =>
      pool.run(bytes, { name: "passBack", transferList: [bytes.buffer as ArrayBuffer] }) as Promise<Uint8Array>,
    end: () => pool.destroy(),
  }
}
