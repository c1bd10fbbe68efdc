import type { JobView, Report } from '#contract'
import { count, pathText } from './phrases.ts'

/** What a person has to act on or decide, the most important first, one line each. */
export function needsOf({ report }: JobView): string[] {
  if (report === null) return []
  const { changes, gaps, notUnderstood, settings } = report
  return [
    ...(changes?.dataLoss ?? []).map((what) => `Upgrading deletes ${what}`),
    ...gaps.map(({ operation, reason }) =>
      operation.includes(' ')
        ? `${pathText(operation)} returns 501: ${reason}`
        : `${operation} does nothing yet: ${reason}`,
    ),
    ...notUnderstood.map((what) => `Not built: ${what}`),
    ...unproven(report),
    ...(settings.length === 0 ? [] : [`Set before starting: ${settings.map(({ name }) => name).join(', ')}`]),
    ...(changes?.conditions ?? []).map((what) => `The migration stops unless ${what}`),
  ]
}

/** Checks that did not run, and answers that are not those of the document. */
function unproven({ verification }: Report): string[] {
  const { tests, conformance } = verification
  const differing = (conformance?.findings ?? []).filter(
    ({ noted, kind }) => noted === null && kind === 'differs',
  )
  return [
    ...(tests.passed + tests.failed === 0 ? ['Its tests were not run here'] : []),
    ...(differing.length === 0
      ? []
      : [
          `${count(differing.length, 'answer')} differ${differing.length === 1 ? 's' : ''} from your document`,
        ]),
  ]
}
