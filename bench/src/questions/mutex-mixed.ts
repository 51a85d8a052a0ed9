/** Ten goroutines lock and unlock a mutex, and give way while they hold it in one of a hundred; a batch is once for each of them. */
import { lockers, lockersDescription } from "../lockers.ts"
import type { TimeQuestion } from "../question.ts"

export const question: TimeQuestion = {
  name: "mutex-mixed",
  title: "Mutex, 1 long hold in 100",
  ...lockersDescription,
  target: { toGo: 1.5, advantage: { effect: 10 } },
  ...lockers(100),
}
