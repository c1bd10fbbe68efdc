import type { JobState, JobView, Step } from '#contract'
import { notesOf, stateOf, titleOf, durationText } from './phrases.ts'
import type { Card, CardAction, CardStage } from './notification.ts'
import { LABEL } from './stage-labels.ts'

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

function headlineOf(view: JobView): string {
  switch (view.state) {
    case 'waiting':
      return queuedHeadline(view)
    case 'active':
      return `Building… ${view.progress}%${view.attempt > 1 ? ` (attempt ${view.attempt})` : ''}`
    case 'completed':
    case 'failed':
    case 'cancelled':
      return stateOf(view)
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

function actionsOf(state: JobState): readonly CardAction[] {
  switch (state) {
    case 'waiting':
    case 'active':
      return ['cancel', 'details']
    case 'completed':
      return ['refine', 'details']
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
    duration: durationText(step.startedAt, step.finishedAt) || null,
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

/** Rounded, so that small changes of an estimate do not trigger edits. */
const roundedDuration = (s: number) => (s < 90 ? `${Math.ceil(s / 15) * 15} s` : `${Math.round(s / 60)} min`)
