import type { Blueprint, Helper } from '#contract'
import { kebabCase, makeNamespace } from '../../codegen/names.ts'
import { portableName } from '../../codegen/portable-name.ts'
import { RESERVED_IDENTIFIERS, type NamedOperation } from './custom-operations.ts'
import { TAKEN_BY_TASKS, type Task } from './tasks.ts'

/** A shared helper with its names in generated code. */
export type SharedHelper = {
  readonly helper: Helper
  /** The exported function, and its file: `src/shared/<fileName>.ts`. */
  readonly functionName: string
  readonly fileName: string
  /** Whether something that is implemented calls it. */
  readonly isUsed: boolean
}

export function makeHelpers(
  helpers: Blueprint['helpers'] = [],
  callers: { readonly customs: readonly NamedOperation[]; readonly tasks: readonly Task[] },
): SharedHelper[] {
  const { customs, tasks } = callers
  const functions = makeNamespace([
    ...RESERVED_IDENTIFIERS,
    ...TAKEN_BY_TASKS,
    ...[...customs, ...tasks].map(({ functionName }) => functionName),
  ])
  const files = makeNamespace([], (name) => name.toLowerCase())
  const written = new Set([
    ...customs.filter(({ isWritten }) => isWritten).map(({ operation }) => operation.id),
    ...tasks.filter(({ isWritten }) => isWritten).map(({ schedule }) => schedule.id),
  ])
  return helpers.map((helper) => ({
    helper,
    functionName: functions.take(helper.id),
    fileName: files.take(portableName(kebabCase(helper.id)), '-'),
    isUsed: helper.usedBy.some((id) => written.has(id)),
  }))
}

export const helperPath = ({ fileName }: Pick<SharedHelper, 'fileName'>): string =>
  `src/shared/${fileName}.ts`
