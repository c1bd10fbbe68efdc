import type { Schedule } from '#contract'
import { oneLine } from '../../codegen/encode/text.ts'
import { kebabCase, makeNamespace } from '../../codegen/names.ts'
import { portableName } from '../../codegen/portable-name.ts'
import { RESERVED_IDENTIFIERS } from './custom-operations.ts'

/** A scheduled task with all its names in generated code. */
export type Task = {
  readonly schedule: Schedule
  readonly description: string
  /** The exported function, and its file: `src/scheduled/<fileName>.ts`. */
  readonly functionName: string
  readonly fileName: string
  /** Whether it is implemented; otherwise it logs that it is not. */
  readonly isWritten: boolean
}

/** Names that the modules around a task declare, besides those around an operation. */
export const TAKEN_BY_TASKS =
  'schedule task tasks setting openTaskSetting rows watchRows expectPartly timeOf anyValue'.split(' ')

/** `written` includes the ids of the implemented tasks. */
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
