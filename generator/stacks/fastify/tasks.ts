import type { Schedule } from '#contract'
import { oneLine } from '../../codegen/encode/text.ts'
import { kebabCase, makeNamespace } from '../../codegen/names.ts'
import { portableName } from '../../codegen/portable-name.ts'
import { RESERVED_IDENTIFIERS } from './custom-operations.ts'

/** A scheduled task with every name that the generated code gives it. */
export type Task = {
  readonly schedule: Schedule
  readonly description: string
  /** The exported function, and the file of it: `src/scheduled/<fileName>.ts`. */
  readonly functionName: string
  readonly fileName: string
  /** Whether its code is there; otherwise it logs that it is not implemented. */
  readonly isWritten: boolean
}

/** What the modules around a task's function declare, beside what those around an operation's do. */
const TAKEN_BY_TASKS = ['schedule', 'task', 'tasks', 'setting', 'openTaskSetting']

/** `written` are the ids of the tasks, among others, whose code somebody wrote. */
export function makeTasks(schedules: readonly Schedule[], written: ReadonlySet<string>): Task[] {
  const functions = makeNamespace([...RESERVED_IDENTIFIERS, ...TAKEN_BY_TASKS])
  const files = makeNamespace([], (name) => name.toLowerCase())
  return schedules.map((schedule) => {
    const file = kebabCase(schedule.id)
    return {
      schedule,
      description: oneLine(schedule.description) || schedule.id,
      functionName: functions.take(schedule.id),
      fileName: files.take(portableName(file), '-'),
      isWritten: written.has(schedule.id),
    }
  })
}

export const taskPath = ({ fileName }: Task): string => `src/scheduled/${fileName}.ts`
export const taskTestPath = ({ fileName }: Task): string => `tests/scheduled/${fileName}.test.ts`
