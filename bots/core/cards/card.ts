import { isFinal, type ChatOrigin, type JobPreferences, type JobView, type Step } from '#contract'
import { stateOf, titleOf, durationText } from './phrases.ts'
import { resultActions } from './result.ts'
import type { Card, CardStage } from './notification.ts'
import { settingLines } from './setting-lines.ts'
import { LABEL } from './stage-labels.ts'

/** How a job was requested, as far as settings changed it. */
type Requested = { readonly preferences?: JobPreferences | undefined; readonly origin: ChatOrigin }

/** @param withActions whether an ended card has the buttons of the result, where that message can have none */
export function toCard(view: JobView, withActions = false, requested: Requested | null = null): Card {
  const { jobId, state } = view
  const isBrief = requested?.preferences?.applied.verbosity?.value === 'brief'
  return {
    jobId,
    title: titleOf(view),
    state,
    headline: headlineOf(view),
    settings: requested === null ? [] : settingLines(requested.preferences, requested.origin),
    // Before it starts, they would be a list of nothing.
    stages:
      isFinal(state) || state === 'waiting' || isBrief
        ? []
        : view.steps.filter(({ status }) => status !== 'skipped').map(toStage),
    actions: isFinal(state) && !withActions ? ['details'] : resultActions(view),
  }
}

export function headlineOf(view: JobView): string {
  switch (view.state) {
    case 'waiting':
      return view.needs === undefined ? queuedHeadline(view) : stateOf(view)
    case 'active':
      return `Building… ${view.progress}%${view.attempt > 1 ? ` (attempt ${view.attempt})` : ''}`
    case 'completed':
      return stateOf(view)
    case 'failed':
    case 'cancelled':
      return `${stateOf(view)}${placeOf(view)}`
  }
}

function queuedHeadline({ queue, attempt }: JobView): string {
  const again = attempt > 0 ? 'Queued again' : 'Queued'
  if (queue === null) return again
  const place = queue.position === 1 ? 'next in line' : `${queue.position - 1} ahead`
  const estimate = queue.estimateSeconds
  if (estimate === null) return `${again}, ${place}`
  return `${again}, ${place}, ${estimate < 5 ? 'starts now' : `starts in about ${roundedDuration(estimate)}`}`
}

/** ", at: Design the backend": where it stopped. */
function placeOf({ steps }: JobView): string {
  const step = steps.find(({ status }) => status === 'failed' || status === 'active')
  return step === undefined ? '' : `, at: ${LABEL[step.stage]}`
}

const toStage = ({ stage, status, detail, startedAt, finishedAt }: Step): CardStage => ({
  stage,
  label: LABEL[stage],
  status: status === 'skipped' ? 'done' : status,
  duration: durationText(startedAt, finishedAt) || null,
  detail,
})

/** Rounded, so that small changes of an estimate do not trigger edits. */
const roundedDuration = (s: number) => (s < 90 ? `${Math.ceil(s / 15) * 15} s` : `${Math.round(s / 60)} min`)
