import type { TASKS } from './tasks.ts'

type Tasks = typeof TASKS
export type TaskName = keyof Tasks

/**
 * Runs one of the tasks that read, design, lint or render. Input and result are plain data. Rejects with what the task
 * threw, with a `too_complex` failure where it exceeds its time or memory, or with the signal's reason.
 */
export type Compute = <Name extends TaskName>(
  name: Name,
  input: Parameters<Tasks[Name]>[0],
  signal: AbortSignal,
) => Promise<Awaited<ReturnType<Tasks[Name]>>>
