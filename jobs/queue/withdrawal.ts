import { notStarted, type JobOutcome } from '#contract'

const NOT_ACCEPTED = 'not_accepted'

export const isWithdrawn = (outcome: JobOutcome | null): boolean =>
  outcome?.state === 'failed' && outcome.failure.code === NOT_ACCEPTED

/** The outcome of a job whose request was rejected. */
export const withdrawal = (): JobOutcome => ({
  state: 'failed',
  finishedAt: new Date().toISOString(),
  startedAt: null,
  percent: 0,
  stage: null,
  steps: notStarted.steps,
  failure: {
    code: NOT_ACCEPTED,
    message: 'The service could not accept the request, so the job does not run.',
    hint: 'Send the request again.',
  },
  report: null,
})
