import {
  describeConformance,
  describeCoverage,
  describeFinding,
  type Changes,
  type JobView,
  type Report,
} from '#contract'
import { changedLines } from './changes.ts'
import { costOf, count, formatDuration, titleOf, durationText } from './phrases.ts'
import type { Summary, SummaryArchive, SummarySection } from './notification.ts'

/** For completed jobs only: `report` and `archive` are set. */
export function toSummary(view: JobView, archive: SummaryArchive): Summary {
  const report = view.report
  return { title: titleOf(view), archive, sections: report === null ? [] : sectionsOf(report, view) }
}

/** "12,345 bytes, SHA-256 …", to verify the download. */
export const archiveFacts = ({ bytes, sha256 }: { bytes: number; sha256: string }) =>
  `${bytes.toLocaleString('en')} bytes, SHA-256 ${sha256}`

function sectionsOf(report: Report, view: JobView): SummarySection[] {
  const { entities, routes, schedules, services, settings, gaps, notUnderstood, assumptions, verification } =
    report
  const name = view.archive?.filename ?? 'backend.zip'
  const folder = name.replace(/\.zip$/, '')
  const sections: SummarySection[] = [
    ...(report.changes ? sectionsOfChanges(report.changes, view.version) : []),
    {
      heading: count(entities.length, 'entity', 'entities'),
      style: 'list',
      lines: entities.map(({ name, fields }) =>
        fields.length === 0 ? name : `${name}: ${fields.join(', ')}`,
      ),
    },
    {
      heading: count(routes.length, 'route'),
      style: 'code',
      lines: routes.map(({ method, path }) => `${method.padEnd(6)} ${path}`),
    },
    {
      heading: count(schedules.length, 'scheduled task'),
      style: 'list',
      lines: schedules.map(({ id, when, description }) => `${id}, ${when}: ${description}`),
    },
    {
      heading: count(services.length, 'external service', 'external services'),
      style: 'list',
      lines: services.map(({ name, description }) => `${name}: ${description}`),
    },
    { heading: 'Checks', style: 'list', lines: verifiedBy(verification) },
    ...(verification.conformance === undefined ? [] : [sectionOfConformance(verification.conformance)]),
    ...(report.document === undefined
      ? []
      : [
          {
            heading: 'Parts of the document',
            style: 'list' as const,
            lines: describeCoverage(report.document),
          },
        ]),
    {
      heading:
        schedules.length === 0
          ? 'To finish (returns 501 for now)'
          : 'To finish (operations return 501 and tasks do nothing for now)',
      style: 'list',
      lines: gaps.map(({ operation, reason }) => `${operation}: ${reason}`),
    },
    { heading: 'Not built', style: 'list', lines: notUnderstood },
    { heading: 'Assumptions', style: 'list', lines: assumptions },
    { heading: 'For the operator', style: 'list', lines: report.notices },
    { heading: 'Cost and time', style: 'list', lines: [spent(report), timeOf(report, view)] },
    {
      heading: 'Run it (Node 24.12 or newer)',
      style: 'code',
      // The archive holds one folder, named like it.
      lines: [`unzip ${name}`, `cd ${folder}`, 'npm ci', 'npm start'],
    },
    {
      heading: 'Required environment variables',
      style: 'list',
      lines: settings.map(({ name, description }) => `${name}: ${description}`),
    },
  ]
  return sections.filter(({ lines }) => lines.length > 0)
}

/** Most people read a few; all of them are in the archive. */
const MOST_FINDINGS = 12

function sectionOfConformance(
  conformance: NonNullable<Report['verification']['conformance']>,
): SummarySection {
  const { findings } = conformance
  const sorted = [
    ...findings.filter(({ noted }) => noted === null),
    ...findings.filter(({ noted }) => noted !== null),
  ]
  const shown = sorted.slice(0, MOST_FINDINGS).map(describeFinding)
  const more = findings.length - shown.length
  return {
    heading: 'Conformance to the document',
    style: 'list',
    lines: [
      describeConformance(conformance),
      ...shown,
      ...(more > 0 ? [`And ${more} more, in GENERATION_REPORT.md`] : []),
    ],
  }
}

/** What changed in a refinement, data loss first. */
function sectionsOfChanges(changes: Changes, version: number): SummarySection[] {
  return [
    {
      heading: '⚠ Data loss when you upgrade',
      style: 'list',
      lines: changes.dataLoss,
    },
    { heading: `What changed since version ${version - 1}`, style: 'list', lines: changedLines(changes) },
  ]
}

function verifiedBy({ gates, tests, sandbox }: Report['verification']): string[] {
  const passed = gates.filter(({ status }) => status === 'passed')
  const others = gates.filter(({ status }) => status !== 'passed')
  const where = { bubblewrap: 'in a sandbox', none: 'without a sandbox', static: 'its code was not run' }
  return [
    `${passed.length}/${gates.length} passed: ${passed.map(({ name }) => name).join(', ')}`,
    `${count(tests.passed, 'test')} passed, ${tests.failed} failed, ${tests.skipped} skipped (${where[sandbox]})`,
    ...others.map(({ name, status, detail }) => `${name} ${status}: ${detail}`),
  ]
}

function spent({ designer, ledger, repairRounds }: Report): string {
  if (designer.kind === 'offline' && ledger.calls === 0) return 'Designed by rules, at no cost'
  const repaired = repairRounds === 0 ? '' : `, ${count(repairRounds, 'round')} of repair`
  return `${costOf(ledger, designer.model ?? 'the model')}${repaired}`
}

function timeOf({ timings }: Report, view: JobView): string {
  const stages = Object.entries(timings).map(([stage, ms]) => `${stage} ${formatDuration(ms)}`)
  const all = durationText(view.startedAt, view.finishedAt) || 'time unknown'
  return stages.length === 0 ? all : `${all} (${stages.join(', ')})`
}
