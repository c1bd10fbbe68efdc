import type { JobView, Report } from '#contract'
import { truncateLine } from '../reply.ts'
import { changesText } from './changes.ts'
import { failureOf } from './failure.ts'
import { needsOf } from './needs.ts'
import type { CardAction, Result, ResultArchive, ResultLine } from './notification.ts'
import { PHONE, heightOf, phoneLines } from './phone.ts'
import { costText, count, durationText, titleOf } from './phrases.ts'

const TITLE = 40
/** Two lines on a phone. */
const TWO_LINES = 2 * PHONE.columns
const TWO_SMALL = 2 * PHONE.smallColumns
/** An item may take three lines, and two where there is room for no more. */
const ITEM_LINES = [3, 2].map((lines) => lines * (PHONE.columns - 2))
/** The name of a person, as wide as most are. */
const MENTION = 12

/**
 * The message at the end of a job: what it is, what needs the reader, the facts. `archive` is null where there is none;
 * `notes` are what became of changes that were asked for meanwhile. Pure.
 */
export function toResult(
  view: JobView,
  requester: string | null,
  archive: ResultArchive | null,
  notes: readonly string[] = [],
): Result {
  const title = truncateLine(titleOf(view), TITLE)
  const says = SAYS[view.state]
  const more = notes.map((note): ResultLine => ({ as: 'text', text: truncateLine(note, 3 * PHONE.columns) }))
  const room = PHONE.lines - BUTTONS - phoneLines(`${'x'.repeat(MENTION)} ${title} ${says}.`)
  return {
    jobId: view.jobId,
    requester,
    state: view.state,
    title,
    says,
    lines: [
      ...(view.state === 'completed' ? builtLines(view, archive, room - heightOf(more)) : endedLines(view)),
      ...more,
    ],
    archive,
    actions: resultActions(view),
  }
}

/** The row of buttons takes a line. */
const BUTTONS = 1

const SAYS: Readonly<Record<JobView['state'], string>> = {
  completed: 'is ready',
  failed: 'was not built',
  cancelled: 'was cancelled',
  waiting: 'is waiting',
  active: 'is still running',
}

/** What can be done once a job has ended. Retry only where it may change something. */
export function resultActions(view: JobView): readonly CardAction[] {
  switch (view.state) {
    case 'waiting':
    case 'active':
      return ['cancel', 'details']
    case 'completed':
      return ['refine', 'details']
    case 'failed':
      return failureOf(view).retry ? ['retry', 'details'] : ['details']
    case 'cancelled':
      return ['retry', 'details']
  }
}

function builtLines(view: JobView, archive: ResultArchive | null, room: number): ResultLine[] {
  const { report } = view
  const what =
    report === null ? [] : [{ as: 'text' as const, text: truncateLine(whatItIs(view, report), TWO_LINES) }]
  const words = truncateLine(factsOf(view).join(' · '), TWO_SMALL)
  const facts = words === '' ? [] : [{ as: 'small' as const, text: words }]
  const where = archive === null ? [] : archiveLines(archive)
  // A link is a line of its own.
  const added = archive?.at === 'link' || archive?.at === 'api' ? 1 : 0
  const left = room - heightOf([...what, ...facts, ...where]) - added
  return [...what, ...needLines(view, left), ...facts, ...where]
}

/** The needs that fit into so many lines, then how many there are besides, and how many decisions were made. */
function needLines(view: JobView, room: number): ResultLine[] {
  const needs = needsOf(view)
  const decisions = view.report?.assumptions.length ?? 0
  const decided = decisions === 0 ? [] : [count(decisions, 'assumption')]
  if (needs.length === 0) return decided.map((some) => ({ as: 'small', text: `${some} to check in Details` }))
  // The heading and the last line take one each.
  const [long = [], short = []] = ITEM_LINES.map((length) => fitting(needs, length, room - 2))
  // One that can be read whole is worth more than two that are cut.
  const shown = long.length > 0 ? long : short
  const more = needs.length - shown.length
  const last = [...(more === 0 ? [] : [`${more} more`]), ...decided].join(' and ')
  return [
    { as: 'heading', text: 'Needs you' },
    ...shown,
    ...(last === '' ? [] : [{ as: 'small' as const, text: `${last} in Details` }]),
  ]
}

/** The first of the needs, as many as fit into so many lines. */
function fitting(needs: readonly string[], length: number, lines: number): ResultLine[] {
  const items = needs.map((text): ResultLine => ({ as: 'item', text: truncateLine(text, length) }))
  let left = lines
  const end = items.findIndex((item) => (left -= heightOf([item])) < 0)
  return end === -1 ? items : items.slice(0, end)
}

/** What a version has that the one before had not, or what the backend keeps. */
function whatItIs({ version }: JobView, report: Report): string {
  const changes = version > 1 && report.changes !== undefined ? changesText(report.changes) : ''
  if (changes !== '') return changes
  const names = report.entities.map(({ name }) => name)
  if (names.length === 0) return 'A REST API that stores nothing.'
  const some = names.length === 5 ? names : names.slice(0, 4)
  const more = names.length - some.length
  return `A REST API for ${listed(more === 0 ? some : [...some, `${more} more`])}.`
}

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`

/** Three to six, of what the report has. */
export function factsOf(view: JobView): string[] {
  const { report } = view
  if (report === null) return []
  const { tests } = report.verification
  const { mutants } = report
  return [
    count(report.routes.length, 'route'),
    ...(tests.passed === 0 ? [] : [`${count(tests.passed, 'test')} passed`]),
    ...(tests.failed === 0 ? [] : [`${tests.failed} failed`]),
    ...(mutants === undefined
      ? []
      : [`tests catch ${mutants.killed} of ${count(mutants.all, 'deliberate fault')}`]),
    ...costAndTime(view),
  ]
}

/** Nothing about cost where no model was used. */
function costAndTime(view: JobView): string[] {
  const ledger = view.report?.ledger ?? view.ledger
  const took = durationText(view.startedAt, view.finishedAt)
  return [
    ...(ledger === undefined || ledger.calls === 0 ? [] : [costText(ledger)]),
    ...(took === '' ? [] : [took]),
  ]
}

/** A job without an archive: why, what to do, and what it cost. */
function endedLines(view: JobView): ResultLine[] {
  const { what, todo } = failureOf(view)
  const facts = costAndTime(view).join(' · ')
  return [
    ...(view.state === 'failed'
      ? [{ as: 'text' as const, text: truncateLine(what, 3 * PHONE.columns) }]
      : []),
    ...(view.state === 'failed' && todo !== ''
      ? [{ as: 'text' as const, text: truncateLine(todo, 3 * PHONE.columns) }]
      : []),
    ...(facts === '' ? [] : [{ as: 'small' as const, text: facts }]),
  ]
}

function archiveLines(archive: ResultArchive): ResultLine[] {
  switch (archive.at) {
    case 'message':
      return []
    case 'thread':
      return [{ as: 'small', text: 'The archive is in this thread, above.' }]
    // The renderer adds the link or the job.
    case 'link':
      return [{ as: 'small', text: `${archive.why} The link works until ${archive.until}.` }]
    case 'api':
      return [{ as: 'small', text: `${archive.why} Ask an admin of this bot for it.` }]
    case 'nowhere':
      return [{ as: 'text', text: archive.why }]
  }
}
