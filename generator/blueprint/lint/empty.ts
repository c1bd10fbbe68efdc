import type { Blueprint } from '#contract'
import type { Report } from './diagnostic.ts'

/** A service without entities is a service; one without anything is not. */
export function lintEmpty({ entities, operations, schedules }: Blueprint, report: Report): void {
  if (entities.length + operations.length + schedules.length > 0) return
  report.error({
    code: 'blueprint.empty',
    path: 'entities',
    what: 'There are no entities, operations or scheduled tasks.',
    why: 'The service would do nothing.',
    fix: 'Add what it keeps, or what it does.',
  })
}
