import type { JobId, JobState, JobView, Report, Stage, Step } from '#contract'

/**
 * What a chat is told of a job, without a word of how a platform shows it. Pure: equal views give equal messages,
 * so that comparing them tells whether there is anything to edit. Long because all wording for chats is in one place.
 */
export type Told =
  | { readonly kind: 'root'; readonly root: Root }
  | { readonly kind: 'card'; readonly card: Card }
  | { readonly kind: 'summary'; readonly summary: Summary }
  | { readonly kind: 'ping'; readonly ping: Ping }

/** The message in the channel that the thread hangs on. */
export type Root = {
  readonly jobId: JobId
  /** Null while nobody is to be notified: a new message that names a person calls that person, an edit does not. */
  readonly requester: string | null
  readonly prompt: string
  readonly state: JobState
  readonly headline: string
}

/** The live card. */
export type Card = {
  readonly jobId: JobId
  readonly title: string
  readonly state: JobState
  readonly headline: string
  readonly stages: readonly CardStage[]
  /** Why it failed and what can be done; a line each. */
  readonly notes: readonly string[]
  readonly actions: readonly CardAction[]
}
export type CardAction = 'cancel' | 'retry' | 'details'
export type CardStage = {
  readonly stage: Stage
  readonly label: string
  /** `stopped`: it was under way when the job ended. */
  readonly status: 'pending' | 'active' | 'done' | 'failed' | 'stopped'
  /** How long it took: "1.2 s". Null until it has ended. */
  readonly took: string | null
  readonly detail: string | null
}

export type Summary = {
  readonly title: string
  readonly archive: SummaryArchive
  readonly sections: readonly SummarySection[]
}
/** `lines` may be many: whoever renders cuts, and says that the rest is in the archive's GENERATION_REPORT.md. */
export type SummarySection = {
  readonly heading: string
  readonly style: 'list' | 'code'
  readonly lines: readonly string[]
}
/** Where the archive is: in the thread, behind an address, with the API, or nowhere any more. */
export type SummaryArchive = { readonly filename: string; readonly facts: string } & (
  | { readonly at: 'thread' }
  | { readonly at: 'link'; readonly url: string; readonly why: string }
  | { readonly at: 'api'; readonly path: string; readonly why: string }
  | { readonly at: 'nowhere'; readonly why: string }
)

/** The last message, and the only one that calls somebody. */
export type Ping = { readonly requester: string; readonly text: string; readonly notes: readonly string[] }

const LABEL: Readonly<Record<Stage, string>> = {
  intake: 'Read the request',
  design: 'Design the backend',
  lint: 'Check the design',
  render: 'Write the project',
  write: 'Write custom operations',
  verify: 'Type-check, boot and test',
  repair: 'Repair',
  pack: 'Pack the archive',
}

export function toRoot(view: JobView, requester: string | null): Root {
  const { jobId, prompt, state } = view
  return { jobId, requester, prompt, state, headline: stateOf(view) }
}

export function toCard(view: JobView): Card {
  const { jobId, state } = view
  return {
    jobId,
    title: titleOf(view),
    state,
    headline: headlineOf(view),
    stages: view.steps.filter(({ status }) => status !== 'skipped').map((step) => toStage(step, state)),
    notes: notesOf(view),
    actions: actionsOf(state),
  }
}

export function toPing(view: JobView, requester: string): Ping {
  return { requester, text: newsOf(view), notes: notesOf(view) }
}

/** Of a completed job only: `report` and `archive` are there. */
export function toSummary(view: JobView, archive: SummaryArchive): Summary {
  const report = view.report
  return { title: titleOf(view), archive, sections: report === null ? [] : sectionsOf(report, view) }
}

/** "12,345 bytes, SHA-256 …": what lets a person check that it is the right file. */
export const archiveFacts = ({ bytes, sha256 }: { bytes: number; sha256: string }) =>
  `${bytes.toLocaleString('en')} bytes, SHA-256 ${sha256}`

function titleOf({ report, prompt }: JobView): string {
  if (report !== null) return report.title
  const line = prompt.trim().split(/\r?\n/, 1)[0] ?? ''
  return line.length > 80 ? `${line.slice(0, 79).trimEnd()}…` : line
}

function headlineOf(view: JobView): string {
  switch (view.state) {
    case 'waiting':
      return queued(view)
    case 'active':
      return `Working, ${view.progress} %${view.attempt > 1 ? `, attempt ${view.attempt}` : ''}`
    case 'completed':
    case 'failed':
    case 'cancelled':
      return stateOf(view)
  }
}

/** Changes with the state alone, so that the message in the channel is edited a few times and no more. */
function stateOf(view: JobView): string {
  switch (view.state) {
    case 'waiting':
      return 'Queued'
    case 'active':
      return 'Working'
    case 'completed':
      return `Done${took(view.startedAt, view.finishedAt, ' in ')}${left(view.report)}`
    case 'failed':
      return 'Failed'
    case 'cancelled':
      return 'Cancelled'
  }
}

function queued({ queue, attempt }: JobView): string {
  const again = attempt > 0 ? 'Queued again' : 'Queued'
  if (queue === null) return again
  const place = queue.position === 1 ? 'next in line' : `${queue.position - 1} ahead`
  const estimate = queue.estimateSeconds
  if (estimate === null) return `${again}, ${place}`
  return `${again}, ${place}, ${estimate < 5 ? 'starts now' : `starts in about ${roughly(estimate)}`}`
}

function newsOf(view: JobView): string {
  switch (view.state) {
    case 'completed':
      return `your backend is ready${left(view.report)}.`
    case 'failed':
      return 'your backend could not be made.'
    case 'cancelled':
      return 'your job was cancelled.'
    case 'waiting':
    case 'active':
      return 'your job goes on.'
  }
}

const left = (report: Report | null) =>
  report === null || report.gaps.length === 0 ? '' : `, with ${count(report.gaps.length, 'gap')} left to fill`

const notesOf = ({ error }: JobView) =>
  error === null ? [] : error.hint === undefined ? [error.message] : [error.message, error.hint]

function actionsOf(state: JobState): readonly CardAction[] {
  switch (state) {
    case 'waiting':
    case 'active':
      return ['cancel', 'details']
    case 'completed':
      return ['details']
    case 'failed':
    case 'cancelled':
      return ['retry', 'details']
  }
}

function toStage(step: Step, state: JobState): CardStage {
  const { stage, detail } = step
  return {
    stage,
    label: LABEL[stage],
    status: stageStatus(step, state),
    took: took(step.startedAt, step.finishedAt) || null,
    detail,
  }
}

function stageStatus({ status }: Step, state: JobState): CardStage['status'] {
  const ended = state === 'completed' || state === 'failed' || state === 'cancelled'
  switch (status) {
    case 'active':
      return ended ? 'stopped' : 'active'
    case 'skipped':
      return 'done'
    case 'pending':
    case 'done':
    case 'failed':
      return status
  }
}

function sectionsOf(report: Report, view: JobView): SummarySection[] {
  const { entities, routes, gaps, notUnderstood, assumptions, verification } = report
  const name = view.archive?.filename ?? 'backend.zip'
  const folder = name.replace(/\.zip$/, '')
  const sections: SummarySection[] = [
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
    { heading: 'How it was verified', style: 'list', lines: verifiedBy(verification) },
    {
      heading: 'Left to do: these answer 501 until somebody writes them',
      style: 'list',
      lines: gaps.map(({ operation, reason }) => `${operation}: ${reason}`),
    },
    { heading: 'Not understood, and so not in it', style: 'list', lines: notUnderstood },
    { heading: 'Decided where the request left it open', style: 'list', lines: assumptions },
    { heading: 'Cost and time', style: 'list', lines: [costOf(report), timeOf(report, view)] },
    {
      heading: 'How to run it, with Node 24.12 or newer',
      style: 'code',
      lines: [`unzip ${name} -d ${folder}`, `cd ${folder}`, 'npm ci', 'npm start'],
    },
  ]
  return sections.filter(({ lines }) => lines.length > 0)
}

function verifiedBy({ gates, tests, sandbox }: Report['verification']): string[] {
  const passed = gates.filter(({ status }) => status === 'passed')
  const others = gates.filter(({ status }) => status !== 'passed')
  const where = { bubblewrap: 'in a sandbox', none: 'without a sandbox', static: 'its code was not run' }
  return [
    `${passed.length} of ${gates.length} gates passed: ${passed.map(({ name }) => name).join(', ')}`,
    `${count(tests.passed, 'test')} passed, ${tests.failed} failed, ${tests.skipped} skipped (${where[sandbox]})`,
    ...others.map(({ name, status, detail }) => `${name} ${status}: ${detail}`),
  ]
}

function costOf({ designer, ledger }: Report): string {
  if (designer.kind === 'offline' && ledger.calls === 0) return 'Designed by rules, at no cost'
  const tokens = ledger.inputTokens + ledger.outputTokens
  const price = ledger.costUsd === null ? 'price unknown' : `$${ledger.costUsd.toFixed(4)}`
  return `${count(ledger.calls, 'call')} of ${designer.model ?? 'the model'}, ${tokens.toLocaleString('en')} tokens, ${price}`
}

function timeOf({ timings }: Report, view: JobView): string {
  const stages = Object.entries(timings).map(([stage, ms]) => `${stage} ${seconds(ms)}`)
  const all = took(view.startedAt, view.finishedAt) || 'time unknown'
  return stages.length === 0 ? all : `${all} (${stages.join(', ')})`
}

function took(from: string | null, to: string | null, before = ''): string {
  if (from === null || to === null) return ''
  const ms = Date.parse(to) - Date.parse(from)
  return Number.isFinite(ms) && ms >= 0 ? `${before}${seconds(ms)}` : ''
}

function seconds(ms: number): string {
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`
  const whole = Math.round(ms / 1000)
  return whole < 120 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`
}

/** Coarse, so that an estimate that moves a little is no reason to edit. */
const roughly = (s: number) => (s < 90 ? `${Math.ceil(s / 15) * 15} s` : `${Math.round(s / 60)} min`)

const count = (n: number, one: string, many = `${one}s`) => `${n} ${n === 1 ? one : many}`
