import { styleText } from 'node:util'
import {
  describeFinding,
  type Changes,
  type JobView,
  type ModelUsage,
  type Report,
  type Step,
} from '#contract'

/** Formats a job for the terminal. Pure: view in, text out. */

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

/** The job state as a block to be redrawn in place. `nowMs` drives the spinner and the timers. */
export function liveBlock(view: JobView, nowMs: number): string {
  if (view.state === 'waiting') return `  ${spinner(nowMs)} ${waitingLine(view)}`
  return view.steps.map((step) => liveLine(step, nowMs)).join('\n')
}

/** One line for a finished stage, for logs. */
export function plainLine(step: Step): string {
  const time = step.status === 'skipped' ? '' : `  ${seconds(durationOf(step, 0))}`
  return `${step.stage.padEnd(8)}${step.status.padEnd(8)}${step.detail ?? ''}${time}`.trimEnd()
}

export function waitingLine(view: JobView): string {
  if (view.needs) return 'waiting for your decision'
  if (!view.queue) return 'waiting for a worker'
  const estimate = view.queue.estimateSeconds
  const soon = estimate === null ? '' : `, about ${Math.max(1, Math.round(estimate))} s`
  return `waiting, position ${view.queue.position} in the queue${soon}`
}

/** The result summary: contents, checks, remaining work, and how to run it. */
export function summary(view: JobView, archivePath: string): string {
  const { report, archive } = view
  if (!report || !archive) return ''
  const folder = archive.filename.replace(/\.zip$/, '')
  return [
    `${bold(report.title)}: ${report.entities.length} ${report.entities.length === 1 ? 'entity' : 'entities'}, ${report.routes.length} routes, ${view.result?.files.length ?? 0} files`,
    `  ${archivePath}  (${Math.ceil(archive.bytes / 1024)} KiB, sha256 ${archive.sha256.slice(0, 12)}…)`,
    '',
    'Verified',
    ...report.verification.gates.map(
      (gate) => `  ${gateMark(gate.status)} ${gate.name.padEnd(13)}${gate.detail}`,
    ),
    ...list(
      'Differs from the document',
      (report.verification.conformance?.findings ?? []).map(describeFinding),
    ),
    ...list(
      'Scheduled',
      report.schedules.map(({ id, when, description }) => `${id}, ${when}: ${description}`),
    ),
    ...list(
      'Calls',
      report.services.map(({ name, description }) => `${name}: ${description}`),
    ),
    ...(report.changes ? changed(report.changes, view.version) : []),
    ...list('For the operator', report.notices),
    ...list('Assumptions', report.assumptions),
    ...list('Not built', report.notUnderstood),
    ...list(
      'To finish',
      report.gaps.map((gap) => `${gap.operation}: ${gap.reason}`),
    ),
    '',
    'Run it (Node 24.12 or newer)',
    `  unzip ${quoted(archivePath)} && cd ${quoted(folder)}`,
    '  npm ci && npm test && npm start',
    ...list(
      'Required environment variables',
      report.settings.map(({ name, description }) => `${name}: ${description}`),
    ),
    '',
    designedBy(report),
    `Change it: npm run generate -- --refine ${view.jobId} "what to change"`,
  ].join('\n')
}

export function failureText(view: JobView): string {
  const failure = view.error
  if (!failure) return 'The job failed.'
  const failed = view.report?.verification.diagnostics.slice(0, 5) ?? []
  return [
    `Failed: ${failure.message}`,
    ...failed.map(
      ({ gate, file, line, message }) =>
        `  ${gate}${file ? ` ${file}${line ? `:${line}` : ''}` : ''}: ${message}`,
    ),
    ...(failure.hint ? [failure.hint] : []),
    ...(view.ledger && view.ledger.calls > 0 ? [`It took ${spent(view.ledger)}`] : []),
  ].join('\n')
}

function designedBy(report: Report): string {
  switch (report.designer.kind) {
    case 'offline':
      return 'Designed offline by rules, without a model. Set OPENAI_API_KEY to use a model.'
    case 'import': {
      const { calls } = report.ledger
      return `Designed from the attached document by rules, without a model.${calls === 0 ? '' : ` A model wrote its operations: ${calls} ${calls === 1 ? 'call' : 'calls'}.`}`
    }
    case 'openai': {
      return `Designed by ${report.designer.model ?? 'OpenAI'}: ${spent(report.ledger)}`
    }
  }
}

/** Data loss comes first. */
function changed(changes: Changes, version: number): string[] {
  const { entities, fields, routes, other, dataLoss, filled, migrations, reused } = changes
  const signed = (kind: 'added' | 'changed' | 'removed', sign: string) =>
    [...entities[kind], ...fields[kind], ...routes[kind]].map((line) => `${sign} ${line}`)
  return [
    ...list(styleText('red', 'Data loss when you upgrade'), dataLoss),
    ...list(`Changed since version ${version - 1}`, [
      ...signed('added', '+'),
      ...signed('changed', '~'),
      ...other.map((line) => `~ ${line}`),
      ...signed('removed', '-'),
    ]),
    ...list('Existing rows', filled),
    ...list('Migrations', migrations),
    ...list('Unchanged', reused),
  ]
}

function spent({ calls, inputTokens, outputTokens, costUsd }: ModelUsage): string {
  const cost = costUsd === null ? ', cost unknown' : `, $${costUsd.toFixed(4)}`
  return `${calls} ${calls === 1 ? 'call' : 'calls'}, ${inputTokens + outputTokens} tokens${cost}.`
}

const list = (title: string, items: readonly string[]) =>
  items.length === 0 ? [] : ['', title, ...items.map((item) => `  - ${oneLine(item)}`)]

function liveLine(step: Step, nowMs: number): string {
  const label = `${step.stage.padEnd(8)}${oneLine(step.detail ?? '')}`
  switch (step.status) {
    case 'pending':
      return styleText('dim', `  · ${label}`)
    case 'active':
      return `  ${spinner(nowMs)} ${label}  ${styleText('dim', seconds(durationOf(step, nowMs)))}`
    case 'done':
      return `  ${styleText('green', '✔')} ${label}  ${styleText('dim', seconds(durationOf(step, nowMs)))}`
    case 'failed':
      return `  ${styleText('red', '✖')} ${label}`
    case 'skipped':
      return styleText('dim', `  – ${label}`)
  }
}

function gateMark(status: 'passed' | 'failed' | 'skipped'): string {
  switch (status) {
    case 'passed':
      return styleText('green', '✔')
    case 'failed':
      return styleText('red', '✖')
    case 'skipped':
      return styleText('yellow', '–')
  }
}

const durationOf = (step: Step, nowMs: number) =>
  step.startedAt === null
    ? 0
    : (step.finishedAt === null ? nowMs : Date.parse(step.finishedAt)) - Date.parse(step.startedAt)

const seconds = (ms: number) => `${(Math.max(0, ms) / 1000).toFixed(1)} s`
const spinner = (nowMs: number) => styleText('cyan', FRAMES[Math.floor(nowMs / 80) % FRAMES.length]!)
const bold = (text: string) => styleText('bold', text)
/** Text from a prompt must not contain control characters. */
// eslint-disable-next-line no-control-regex -- that is what is taken out
const oneLine = (text: string) => text.replaceAll(/[\u0000-\u001f\u007f-\u009f\s]+/g, ' ').trim()
const quoted = (text: string) =>
  /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
