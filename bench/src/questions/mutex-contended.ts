/** Ten goroutines lock a mutex, give way while they hold it, and unlock; a batch is once for each of them. */
import { lockers, lockersDescription } from "../lockers.ts"
import type { TimeQuestion } from "../question.ts"

export const question: TimeQuestion = {
  name: "mutex-contended",
  title: "Mutex, 10 contend",
  ...lockersDescription,
  target: { toGo: 1, advantage: { effect: 10 } },
  ...lockers(1),
}
