import { isDeepStrictEqual } from 'node:util'
import { Blueprint } from '#contract'
import { GenerateError } from '../attempt/failure.ts'
import { lintBlueprint } from '../blueprint/lint-blueprint.ts'
import { limitText } from './limit-text.ts'

/** Lints the design and applies the fixes, which are said. Throws a `GenerateError` for the remaining errors. */
export function lintOrThrow({
  designed,
  before,
  fromDocument,
}: {
  readonly designed: Blueprint
  /** Of the version before, if there is one. */
  readonly before: Blueprint | null
  /** Whether it was read from an attached document, which is then what has to change. */
  readonly fromDocument: boolean
}): { blueprint: Blueprint; fixed: string[] } {
  const hint = fromDocument
    ? 'Change this in the attached document and send it again.'
    : 'Say it in the prompt in other words and try again.'
  const { error } = Blueprint.safeParse(designed)
  if (error) {
    const [{ path, message } = { path: [], message: 'no reason given' }] = error.issues
    throw new GenerateError({
      code: 'design_invalid',
      message: `The design has a value that no backend can be built with, at ${path.join('.')}: ${message}.`,
      hint,
    })
  }
  const linted = lintBlueprint(designed)
  const { diagnostics } = linted
  const { blueprint, notes } = fromDocument
    ? { blueprint: linted.blueprint, notes: [] }
    : limitText(linted.blueprint, before)
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error')
  if (errors.length === 0) {
    if (!isDeepStrictEqual(blueprint, before)) {
      const fixed = [...diagnostics.map(({ what, fix }) => `${what} ${fix}`), ...notes]
      return { blueprint, fixed }
    }
    throw new GenerateError({
      code: 'nothing_changed',
      message: 'The request changes nothing of what there is, so there is no new version.',
      hint: 'Say what to add, remove or change: "add comments to tasks".',
    })
  }
  const shown = errors.slice(0, 3).map(({ what, fix }) => `${what} ${fix}`)
  throw new GenerateError({
    code: 'design_invalid',
    message: `The design has ${errors.length} ${errors.length === 1 ? 'fault' : 'faults'} that could not be corrected: ${shown.join(' ')}`,
    hint,
  })
}
