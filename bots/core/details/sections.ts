import {
  describeConformance,
  describeCoverage,
  describeFinding,
  type Changes,
  type JobView,
  type Report,
  type Step,
} from '#contract'
import { changedLines } from '../cards/changes.ts'
import { costOf, count, durationText, formatDuration, pathText } from '../cards/phrases.ts'
import { planSections } from '../plan/plan-sections.ts'
import { LABEL } from '../cards/stage-labels.ts'
import { houseRulesSection } from './house-rules.ts'
import { code, item, small, text, truncateLine, type Line } from '../reply.ts'

/** A part of the details, such as the routes. It may be longer than a page. */
export type Section = { readonly heading: string; readonly lines: readonly Line[] }

/** The longest line, in UTF-16 code units; what is longer ends with an ellipsis. */
const LINE = 300

/** Everything about a job that a person may ask for, what needs them first. Pure. */
export function sectionsOf(view: JobView): Section[] {
  const { report } = view
  const sections = [
    { heading: 'Why it ended', lines: failureLines(view) },
    ...(view.needs === undefined ? [] : planSections(view.needs)),
    ...(report === null ? [] : [...needs(report, view)]),
    { heading: 'Environment variables', lines: (report?.settings ?? []).map(described) },
    ...(report?.houseRules === undefined ? [] : [houseRulesSection(report.houseRules)]),
    { heading: 'Run it', lines: runLines(view) },
    ...(report === null ? [] : [...built(report), ...checks(report)]),
    { heading: 'Stages', lines: stageLines(view.steps) },
    { heading: 'Cost and time', lines: costLines(view) },
    { heading: view.archive === null ? 'Job' : 'Archive', lines: archiveLines(view) },
    { heading: 'For the operator', lines: items(report?.notices ?? []) },
  ]
  return sections.filter(({ lines }) => lines.length > 0)
}

const items = (lines: readonly string[]): Line[] => lines.map((line) => item(truncateLine(line, LINE)))
const described = ({ name, description }: { name: string; description: string }): Line =>
  item({ code: name }, `: ${truncateLine(description, LINE)}`)

const failureLines = ({ error }: JobView): Line[] =>
  error === null ? [] : [text(error.message), ...(error.hint === undefined ? [] : [text(error.hint)])]

/** What is lost, unfinished, left out or decided for the reader. */
function needs(
  { changes, gaps, notUnderstood, assumptions, schedules }: Report,
  { version }: JobView,
): Section[] {
  const unfinished =
    schedules.length === 0
      ? 'To finish (returns 501 for now)'
      : 'To finish (operations return 501 and tasks do nothing for now)'
  return [
    ...(changes === undefined ? [] : changed(changes, version)),
    {
      heading: unfinished,
      lines: items(gaps.map(({ operation, reason }) => `${pathText(operation)}: ${reason}`)),
    },
    { heading: 'Not built', lines: items(notUnderstood) },
    { heading: 'Assumptions', lines: items(assumptions) },
  ]
}

/** Data loss comes first. */
const changed = (changes: Changes, version: number): Section[] => [
  { heading: '⚠ Data loss when you upgrade', lines: items(changes.dataLoss) },
  { heading: `What changed since version ${version - 1}`, lines: items(changedLines(changes).map(pathText)) },
]

function built({ entities, routes, schedules, services, document }: Report): Section[] {
  return [
    { heading: count(routes.length, 'route'), lines: routeTable(routes) },
    {
      heading: count(entities.length, 'entity', 'entities'),
      lines: items(
        entities.map(({ name, fields }) => (fields.length === 0 ? name : `${name}: ${fields.join(', ')}`)),
      ),
    },
    {
      heading: count(schedules.length, 'scheduled task'),
      lines: items(schedules.map(({ id, when, description }) => `${id}, ${when}: ${description}`)),
    },
    { heading: count(services.length, 'external service'), lines: services.map(described) },
    {
      heading: 'Parts of the document',
      lines: document === undefined ? [] : items(describeCoverage(document)),
    },
  ]
}

const routeTable = (routes: Report['routes']): Line[] =>
  routes.map(({ method, path }) => code(`${method.padEnd(6)} ${pathText(path)}`))

function checks({ verification, mutants }: Report): Section[] {
  const { gates, tests, sandbox, diagnostics, conformance } = verification
  const where = { bubblewrap: 'in a sandbox', none: 'without a sandbox', static: 'its code was not run' }
  return [
    {
      heading: 'Checks',
      lines: [
        text(
          `${count(tests.passed, 'test')} passed, ${tests.failed} failed, ${tests.skipped} skipped (${where[sandbox]}).`,
        ),
        ...items(gates.map(({ name, status, detail }) => `${name} ${status}: ${detail}`)),
        ...diagnostics.map(({ gate, file, message }) =>
          item({ code: file === null ? gate : `${gate} ${file}` }, ` ${truncateLine(message, LINE)}`),
        ),
      ],
    },
    {
      heading: 'Tests of the tests',
      lines:
        mutants === undefined
          ? []
          : [
              text(`${mutants.killed} of ${count(mutants.all, 'deliberate fault')} made a test fail.`),
              ...items(mutants.survivors),
            ],
    },
    {
      heading: 'Conformance to the document',
      lines:
        conformance === undefined
          ? []
          : items([describeConformance(conformance), ...conformance.findings.map(describeFinding)]),
    },
  ]
}

/** The archive holds one folder, named like it. */
function runLines({ archive }: JobView): Line[] {
  if (archive === null) return []
  const folder = archive.filename.replace(/\.zip$/, '')
  return [
    small('With Node 24.12 or newer:'),
    code(`unzip ${archive.filename}`),
    code(`cd ${folder}`),
    code('npm ci'),
    code('npm start'),
  ]
}

function stageLines(steps: readonly Step[]): Line[] {
  const seen = steps.filter(({ status }) => status !== 'pending' && status !== 'skipped')
  return seen.map(({ stage, status, detail, startedAt, finishedAt }) => {
    const took = durationText(startedAt, finishedAt, ', ')
    const more = detail === null ? '' : `: ${truncateLine(detail, LINE)}`
    return item(`${LABEL[stage]}, ${status}${took}${more}`)
  })
}

function costLines(view: JobView): Line[] {
  const { report } = view
  const ledger = report?.ledger ?? view.ledger
  const took = durationText(view.startedAt, view.finishedAt)
  const stages = Object.entries(report?.timings ?? {}).map(([stage, ms]) => `${stage} ${formatDuration(ms)}`)
  return [
    ...(ledger === undefined || ledger.calls === 0
      ? []
      : [item(`${costOf(ledger, report?.designer.model ?? 'the model')}${repairs(report)}`)]),
    ...(took === '' ? [] : [item(stages.length === 0 ? took : `${took} (${stages.join(', ')})`)]),
  ]
}

const repairs = (report: Report | null) =>
  report === null || report.repairRounds === 0 ? '' : `, ${count(report.repairRounds, 'round')} of repair`

function archiveLines({ archive, jobId }: JobView): Line[] {
  const api = item('Over the API: ', { code: `GET /jobs/${jobId}` })
  if (archive === null) return [api]
  return [
    item({ code: archive.filename }, `, ${archive.bytes.toLocaleString('en')} bytes`),
    item('SHA-256 ', { code: archive.sha256 }),
    api,
  ]
}
