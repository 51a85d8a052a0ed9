/**
 * A vitest reporter that tells by lines, each as it happens: a run that hangs must be stopped, and has then said where it was.
 */
import { appendFileSync } from "node:fs"
import type { Reporter, TestCase, TestModule } from "vitest/node"

export type Line =
  | { readonly kind: "file" | "test"; readonly file: string; readonly test: string }
  | { readonly kind: "failed"; readonly file: string; readonly test: string; readonly message: string }
  | { readonly kind: "end"; readonly failed: boolean; readonly unhandled: string | undefined }

export default class LineReporter implements Reporter {
  onTestModuleStart(module: TestModule): void {
    tell({ kind: "file", file: module.relativeModuleId, test: "" })
  }

  onTestCaseReady(test: TestCase): void {
    tell({ kind: "test", file: test.module.relativeModuleId, test: test.fullName })
  }

  onTestCaseResult(test: TestCase): void {
    const result = test.result()
    if (result.state === "failed") tell(failed(test.module, test.fullName, result.errors[0]?.message))
  }

  onTestModuleEnd(module: TestModule): void {
    const [error] = module.errors()
    if (error !== undefined) tell(failed(module, "(cannot be loaded)", error.message))
  }

  onTestRunEnd(
    _modules: ReadonlyArray<TestModule>,
    unhandled: ReadonlyArray<{ readonly message?: string }>,
    reason: string,
  ): void {
    tell({ kind: "end", failed: reason !== "passed" || unhandled.length > 0, unhandled: unhandled[0]?.message })
  }
}

const failed = (module: TestModule, test: string, message = ""): Line => ({
  kind: "failed",
  file: module.relativeModuleId,
  test,
  message: message.split("\n", 1)[0]!,
})

const tell = (line: Line): void => {
  appendFileSync(process.env.WEFT_MUTATION_LINES!, `${JSON.stringify({ ...line, at: Date.now() })}\n`)
}
