import type { Task } from "@weft/workers"

export declare const first: Task<number, never, [n: number]>
