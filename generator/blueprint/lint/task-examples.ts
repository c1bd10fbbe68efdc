import type { Blueprint, Schedule, TaskExample } from '#contract'
import { dropExample, type Report } from './diagnostic.ts'
import { changesFault, referencesFault, rowsFault } from './example-rows.ts'

/** An example that no run can fulfil is removed. */
export function lintTaskExamples(schedule: Schedule, blueprint: Blueprint, at: string, report: Report): void {
  const { examples } = schedule
  if (examples === undefined) return
  dropExample({ id: schedule.id, examples }, at, (example) => faultOf(example, blueprint), report)
  if (examples.length === 0) delete schedule.examples
}

function faultOf({ rows, rowsAfter, calls }: TaskExample, blueprint: Blueprint): string | null {
  const given = { rows, hasCaller: false }
  if (rowsAfter === undefined && calls === undefined) return 'it says nothing about what the run does'
  return (
    rowsFault(given, blueprint) ??
    referencesFault(
      given,
      (calls ?? []).map(({ input = null }) => input),
      blueprint,
    ) ??
    changesFault(rowsAfter ?? [], given, blueprint)
  )
}
