import type { Blueprint, Helper } from '#contract'
import type { Report } from './diagnostic.ts'

/** Shared helpers: names that nothing else has, and used by code that a model writes. */
export function lintHelpers(blueprint: Blueprint, report: Report): void {
  const { helpers, operations, schedules } = blueprint
  if (helpers === undefined) return
  const written = new Set([
    ...operations
      .filter(({ implementation, signIn }) => implementation === undefined && signIn === undefined)
      .map(({ id }) => id),
    ...schedules.map(({ id }) => id),
  ])
  const taken = new Map<string, string>([
    ...operations.map(({ id }) => [id.toLowerCase(), `the operation ${id}`] as const),
    ...schedules.map(({ id }) => [id.toLowerCase(), `the scheduled task ${id}`] as const),
  ])
  for (const helper of helpers) {
    const { id } = helper
    const other = taken.get(id.toLowerCase())
    if (other !== undefined)
      report.error({
        code: 'helper.name-taken',
        path: `helpers.${id}.id`,
        what: `The shared helper ${id} has the same name as ${other}.`,
        why: 'Files and functions are named after both, and file systems may ignore case.',
        fix: 'Give the helper another id.',
      })
    taken.set(id.toLowerCase(), `the shared helper ${id}`)
    lintUsers(helper, written, report)
  }
  const used = helpers.filter(({ usedBy }) => usedBy.length > 0)
  if (used.length > 0) blueprint.helpers = used
  else delete blueprint.helpers
}

function lintUsers(helper: Helper, written: ReadonlySet<string>, report: Report): void {
  const { id } = helper
  const unknown = helper.usedBy.filter((user) => !written.has(user))
  helper.usedBy = [...new Set(helper.usedBy.filter((user) => written.has(user)))]
  if (unknown.length === 0) return
  report.fixed({
    code: 'helper.unknown-user',
    path: `helpers.${id}.usedBy`,
    what: `The shared helper ${id} is to be used by ${unknown.join(', ')}, which ${unknown.length === 1 ? 'is' : 'are'} no operation or scheduled task whose code is written.`,
    why: 'Nothing else calls a helper.',
    fix: helper.usedBy.length > 0 ? 'Left that out.' : 'Left the helper out.',
    instead: 'Name the ids of operations and schedules of the design, or leave the helper out.',
  })
}
