/** Builds the packages as they are published, for the questions that are about what a user installs. */
import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"

const root = fileURLToPath(new URL("../..", import.meta.url))

export async function buildPackages(): Promise<void> {
  await promisify(execFile)(process.platform === "win32" ? "npm.cmd" : "npm", ["run", "-s", "build"], { cwd: root })
}
