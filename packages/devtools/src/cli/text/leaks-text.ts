/** What a leak check found, and what it has done to the process. */
import { type GoroutineGroup, groups, type Threads } from "../../analysis/groups.ts"
import type { ProcessLeaks, ThreadLeaks } from "../../format/leaks.ts"
import { namesOfSilent } from "../../format/silent-thread.ts"
import { DumpNames } from "./dump-names.ts"
import type { Speech } from "./goroutine-text.ts"
import { groupText } from "./group-text.ts"
import { bold, green, red, yellow } from "./paint.ts"
import { age, count, number } from "./quantity.ts"
import { wrap } from "./wrap.ts"

export function leaksText(report: ProcessLeaks, title: string, speech: Speech): string {
  const { threads } = report
  const total = (part: (thread: ThreadLeaks) => number) => threads.reduce((sum, thread) => sum + part(thread), 0)
  const leaked = total((thread) => thread.leaked.length)
  const suspects = total((thread) => thread.suspects.length)
  const where = threads.length === 1 ? "" : ` in ${threads.length} threads`
  const parts = [
    `${bold(`process ${report.pid}`)}: ${title}\n${count(
      total((thread) => thread.checked),
      "waiting goroutine",
    )} checked${where}: ${number(leaked)} leaked, ${count(suspects, "suspect")}`,
    ...silent(report, speech),
    ...threads.flatMap((thread) => failure(thread, speech)),
    ...leakedParts(report, leaked, speech),
    ...suspectParts(report, suspects, speech),
  ]
  return parts.join("\n\n")
}

function silent({ silent, silentThreads = 0 }: ProcessLeaks, { columns }: Speech): ReadonlyArray<string> {
  if (silentThreads === 0) return []
  const who = `${namesOfSilent(silentThreads, silent)} ${silentThreads === 1 ? "was" : "were"}`
  return [yellow(wrap(`${who} not checked: what runs there never gives way to its event loop.`, columns))]
}

function failure({ name, failed }: ThreadLeaks, { columns }: Speech): ReadonlyArray<string> {
  return failed === undefined ? [] : [yellow(wrap(`Thread ${name} could not be checked: ${failed}`, columns))]
}

function leakedParts(report: ProcessLeaks, leaked: number, speech: Speech): ReadonlyArray<string> {
  if (leaked === 0)
    return report.threads.some((thread) => thread.failed === undefined)
      ? [green("No leak: something that is still in use reaches each of them.")]
      : []
  const meaning =
    "Nothing that is still in use reaches what they waited for, so nothing could ever have woken them. The garbage collector has shown it by taking them: they are gone from the process, and their memory is free. Their finally blocks did not run, so what those would have given back is not."
  return [
    `${red(bold(`LEAKED: ${count(leaked, "goroutine")}`))}\n${wrap(meaning, speech.columns)}`,
    ...groupTexts({ threads: report.threads.map(({ thread, leaked }) => ({ thread, goroutines: leaked })) }, speech),
  ]
}

function suspectParts({ threads }: ProcessLeaks, suspects: number, speech: Speech): ReadonlyArray<string> {
  if (suspects === 0) return []
  const than = age((threads[0]?.suspectSeconds ?? 0) * 1000)
  const meaning = `Something can still wake them, but they have waited for longer than ${than}. Workers and listeners do so too.`
  return [
    `${yellow(bold(`SUSPECTS: ${count(suspects, "goroutine")}`))}\n${wrap(meaning, speech.columns)}`,
    ...groupTexts({ threads: threads.map(({ thread, suspects }) => ({ thread, goroutines: suspects })) }, speech),
  ]
}

function groupTexts(found: Threads, speech: Speech): ReadonlyArray<string> {
  const names = new DumpNames(found, speech, { isWhole: false })
  return groups(found).map((group: GoroutineGroup) => groupText(group, names).join("\n"))
}
