import type { JobId, PlanQuestion } from '#contract'
import { planOf } from '#contract/testing/samples'
import type { JobStore } from '#store/job-store'
import { createPlan, decidePlan, readPlans } from '#store/plans'
import type { RunJob } from '../consumer/run-job.ts'
import { completed, failed, progressAt } from './harness.ts'

export const QUESTION: PlanQuestion = {
  id: 'sign-in',
  text: 'Who signs in?',
  choices: [
    { id: 'none', label: 'Nobody', assumed: true },
    { id: 'jwt', label: 'People', assumed: false },
  ],
  freeText: false,
}

/** A run that does with plans what the generator does: it shows one, and goes on from what was decided. */
export function planningRun(
  store: JobStore,
  options: {
    readonly waitMs?: number
    readonly onRun?: (step: string, jobId: JobId) => Promise<void>
    readonly onPlanned?: (jobId: JobId) => Promise<void>
  } = {},
): RunJob {
  const { waitMs = 3_600_000, onRun = async () => {}, onPlanned = async () => {} } = options
  return async ({ record: { jobId }, progress }) => {
    const plans = await readPlans(store, jobId)
    let newest = plans.at(-1)
    if (newest?.decision === null && Date.now() >= Date.parse(newest.plan.expiresAt))
      newest = {
        ...newest,
        decision: await decidePlan(store, jobId, newest.plan.version, { decision: 'expire' }),
      }
    if (newest?.decision?.decision === 'expire') return failed('plan_expired')
    if (newest?.decision?.decision === 'approve') {
      await onRun(`build ${newest.plan.version}`, jobId)
      await progress(progressAt(50))
      return completed()
    }
    const version = plans.filter(({ decision }) => decision !== null).length + 1
    await onRun(`plan ${version}`, jobId)
    const { percent, stage, steps, attempt } = progressAt(28)
    const { plan } = await createPlan(store, jobId, {
      plan: planOf({ version, expiresAt: new Date(Date.now() + waitMs).toISOString() }),
      questions: [QUESTION],
      progress: { percent, stage, steps, attempt },
    })
    await onPlanned(jobId)
    return { state: 'waiting', planVersion: plan.version, expiresAt: plan.expiresAt, percent, stage, steps }
  }
}
