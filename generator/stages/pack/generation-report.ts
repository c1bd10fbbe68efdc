import {
  describeConformance,
  describeCoverage,
  taskTitle,
  type Changes,
  type Conformance,
  type Gate,
  type GateReport,
  type Report,
} from '#contract'
import { changeSections } from './changelog.ts'
import { markdownCode, markdownText } from './markdown.ts'

/** A report without the values that differ between two equal runs. */
export type DeterministicReport = Omit<Report, 'ledger' | 'notices' | 'timings' | 'repairRounds'>

const GATE_MEANING: Readonly<Record<Gate['name'], string>> = {
  paths: 'Every file has a name that unpacks on any system',
  unpack: 'The archive unpacks to exactly the files that were checked',
  dependencies: 'Only packages of the allow-list, in exact versions',
  secrets: 'No credential in any file',
  code: 'Model-written code uses only what its operation may use, and every test asserts something',
  types: 'The TypeScript compiler accepts the project',
  install: 'The lockfile is the one that was verified',
  boot: 'The service starts',
  health: 'The health and readiness checks pass',
  openapi: 'The service serves a valid OpenAPI document',
  conformance: 'Every operation of the attached document was called, and the service survives it',
  tests: "The project's tests pass",
  shutdown: 'The service shuts down on SIGTERM',
}

const WHERE: Readonly<Record<GateReport['sandbox'], string>> = {
  bubblewrap: 'Its code ran in a sandbox without a network.',
  none: '**Its code ran without a sandbox**, with the rights of the worker.',
  static: 'Its code was not run: there was no sandbox for it.',
}

/** GENERATION_REPORT.md. Pure; without times, jobs and cost, so that equal projects have equal reports. */
export function renderGenerationReport(
  report: DeterministicReport,
  /** The files that a model wrote. */
  written: readonly string[] = [],
): string {
  const { verification } = report
  const sections = [
    `# ${markdownText(report.title)}: generation report`,
    designer(report, written),
    ...(report.coverage === null
      ? []
      : [`The rules read ${Math.floor(report.coverage * 100)} % of the words that carry meaning.`]),
    '## What was built',
    table(
      ['Entity', 'Fields'],
      report.entities.map(({ name, fields }) => [
        markdownCode(name),
        fields.map(markdownCode).join(', ') || '–',
      ]),
    ),
    table(
      ['Method', 'Path'],
      report.routes.map(({ method, path }) => [markdownCode(method), markdownCode(path)]),
    ),
    table(
      ['Scheduled task', 'When', 'What it does'],
      report.schedules.map(({ id, when, description }) => [
        markdownCode(id),
        markdownText(when),
        markdownText(description),
      ]),
    ),
    table(
      ['Service that it calls', 'What it is', 'Calls'],
      report.services.map(({ name, description, calls }) => [
        markdownCode(name),
        markdownText(description),
        calls.map(markdownCode).join(', '),
      ]),
    ),
    ...(report.changes ? changed(report.changes) : []),
    '## Checks',
    verdict(verification),
    table(
      ['Gate', 'Result', 'What was found'],
      verification.gates.map((gate) => [GATE_MEANING[gate.name], gate.status, markdownText(gate.detail)]),
    ),
    tested(report),
    ...conformanceSection(verification),
    ...documentSection(report),
    ...list('## To finish', leftToDo(report), report.gaps.map(gap)),
    ...list(
      '## Assumptions',
      'Decisions made where the request left something open.',
      report.assumptions.map(markdownText),
    ),
    ...list(
      '## Not built',
      'These parts of the request are not in the project.',
      report.notUnderstood.map(markdownText),
    ),
    '## How to run it',
    'With Node 24.12 or newer:',
    '```sh\nnpm ci\nnpm run check\nnpm test\nnpm start\n```',
    table(
      ['Required environment variable', 'What it is'],
      report.settings.map(({ name, description }) => [markdownCode(name), markdownText(description)]),
    ),
    'The service then answers on <http://127.0.0.1:3000>, and `README.md` says the rest.',
  ]
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`
}

function leftToDo({ gaps, schedules }: DeterministicReport): string {
  const tasks = new Set(schedules.map(taskTitle))
  const isTask = ({ operation }: DeterministicReport['gaps'][number]) => tasks.has(operation)
  return [
    ...(gaps.some((gap) => !isTask(gap)) ? ['These operations return 501 until you implement them.'] : []),
    ...(gaps.some(isTask)
      ? ['Scheduled tasks only log that they are not implemented, until you implement them.']
      : []),
  ].join(' ')
}

function changed(changes: Changes): string[] {
  const { files, reused } = changes
  const counts = `${files.added.length} files are new, ${files.changed.length} others, ${files.removed.length} gone; \`CHANGELOG.md\` has the versions before.`
  const kept =
    reused.length === 0 ? '' : ` The code of these stayed as it was: ${reused.map(markdownCode).join(', ')}.`
  return ['## What changed', `${counts}${kept}`, ...changeSections(changes, '###')]
}

function designer({ designer }: DeterministicReport, written: readonly string[]): string {
  switch (designer.kind) {
    case 'offline':
      return 'Designed by rules, without a language model.'
    case 'import':
      return `Designed by an attached document; built from templates${written.length === 0 ? '.' : `, except for what a language model wrote: ${written.map(markdownCode).join(', ')}.`}`
    case 'openai':
      return `Designed by ${designer.model === null ? 'a language model' : markdownCode(designer.model)}; built from templates${written.length === 0 ? '.' : `, except for what the model wrote: ${written.map(markdownCode).join(', ')}.`}`
  }
}

function verdict(verification: GateReport): string {
  const count = (status: Gate['status']) => verification.gates.filter((gate) => gate.status === status).length
  const { tests } = verification
  const counts = [`${count('passed')} of ${verification.gates.length} gates passed`]
  if (count('failed') > 0) counts.push(`${count('failed')} failed`)
  if (count('skipped') > 0) counts.push(`${count('skipped')} could not run`)
  const ran = [`${tests.passed} passed`]
  if (tests.failed > 0) ran.push(`${tests.failed} failed`)
  if (tests.skipped > 0) ran.push(`${tests.skipped} skipped`)
  return `${counts.join(', ')}. Tests: ${ran.join(', ')}. ${WHERE[verification.sandbox]}`
}

/** What deliberate faults in model-written code showed. */
function tested({ mutants }: DeterministicReport): string {
  if (mutants === undefined) return ''
  const { killed, all, survivors } = mutants
  const found = `To test the tests, ${all === 1 ? 'one deliberate fault was' : `${all} deliberate faults were`} put into the code that a model wrote. A test noticed ${killed === all ? 'all of them' : `${killed} of them`}.`
  if (survivors.length === 0) return found
  return `${found} No test notices these:\n\n${survivors.map((one) => `- ${markdownText(one)}`).join('\n')}`
}

/** How the answers compare with the document, what is not noted first. */
function conformanceSection({ conformance }: GateReport): string[] {
  if (conformance === undefined) return []
  const { findings, requests } = conformance
  const intro = `The operations of the attached document were called with ${requests} requests made from its examples and schemas, and each answer was compared with the document: ${describeConformance(conformance)}.`
  const sorted = findings.toSorted((a, b) => rankOf(a) - rankOf(b))
  return [
    '## Conformance to the attached document',
    intro,
    ...(sorted.length === 0
      ? []
      : [
          table(
            ['Operation', 'Result', 'What was found', 'Said in this report'],
            sorted.map(({ operation, kind, what, noted }) => [
              markdownCode(operation),
              kind,
              markdownText(what),
              noted === null ? '–' : markdownText(noted),
            ]),
          ),
        ]),
  ]
}

/** What became of the parts of the document. */
function documentSection({ document }: DeterministicReport): string[] {
  if (document === undefined) return []
  return [
    '## What became of the attached document',
    describeCoverage(document)
      .map((line) => `- ${line}`)
      .join('\n'),
    table(
      ['Part', 'Name', 'Served', 'How, or why not'],
      document.parts.map(({ kind, name, served, how }) => [
        kind,
        markdownCode(name),
        served,
        markdownText(how),
      ]),
    ),
  ].filter((part) => part !== '')
}

const rankOf = ({ kind, noted }: Conformance['findings'][number]): number =>
  kind === 'unproven' ? 2 : noted === null ? 0 : 1

const gap = ({ operation, reason }: DeterministicReport['gaps'][number]): string =>
  `${markdownCode(operation)}: ${markdownText(reason)}`

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ''
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

const list = (title: string, intro: string, items: readonly string[]): string[] =>
  items.length === 0 ? [] : [title, intro, items.map((item) => `- ${item}`).join('\n')]
