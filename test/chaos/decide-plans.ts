import { setTimeout as sleep } from 'node:timers/promises'
import { JobView, type PlanDecision } from '#contract'
import { attempts, cancelJob, type SubmittedJob } from './submit-job.ts'
import { readJson } from './watch-stages.ts'
import type { PlanCourse } from './plan-courses.ts'

/** A decision that the API took. */
export type TakenDecision = { readonly version: number; readonly decision: 'approve' | 'change' }

const LOOK_MS = 250

/** Decides on the plans of a job until it goes on without more, or ends. */
export async function decidePlans(
  deps: { readonly url: string; readonly onDecision: () => void; readonly signal: AbortSignal },
  job: SubmittedJob,
  { steps, reads }: PlanCourse,
): Promise<TakenDecision[]> {
  const { url, onDecision, signal } = deps
  const taken: TakenDecision[] = []
  let version = 0
  for (const step of steps) {
    const next = await newPlan(deps, job, version, reads)
    if (next === null) break
    version = next
    onDecision()
    const decide = async (decision: 'approve' | 'change', key = decision as string) => {
      const isTaken = await sendDecision(url, job, decisionOf(job, decision, version), key)
      if (isTaken) taken.push({ version, decision })
    }
    const cancel = async () => {
      if (await cancelJob(url, job.jobId)) job.cancelled = true
    }
    switch (step) {
      case 'approve':
      case 'change':
        await decide(step)
        break
      case 'approve twice':
        await Promise.all([decide('approve'), decide('approve', 'again')])
        break
      // The second is the same message, delivered again.
      case 'change twice':
        await Promise.all([decide('change'), decide('change')])
        break
      case 'change and approve at once':
        await Promise.all([decide('change'), decide('approve')])
        break
      case 'cancel':
        await cancel()
        break
      case 'approve and cancel at once':
        await Promise.all([decide('approve'), cancel()])
        break
    }
    signal.throwIfAborted()
  }
  return taken
}

/** The version after this one, once the job waits with it; null when the job has ended or goes on without another. */
async function newPlan(
  { url, signal }: { readonly url: string; readonly signal: AbortSignal },
  job: SubmittedJob,
  after: number,
  reads: boolean,
): Promise<number | null> {
  for (;;) {
    signal.throwIfAborted()
    const view = JobView.safeParse(await readJson(`${url}/jobs/${job.jobId}`)).data
    if (view !== undefined) {
      const { state, needs, stage } = view
      if (!['waiting', 'active'].includes(state)) return null
      // Approved by another decision: it does not plan again.
      if (state === 'active' && BUILDING.has(stage ?? '')) return null
      const version = needs?.plan.version ?? 0
      const isShown = !reads || job.chat === null || job.chat.seen(job).plans.includes(version)
      if (version > after && isShown) return version
    }
    await sleep(LOOK_MS)
  }
}
const BUILDING = new Set(['render', 'write', 'verify', 'pack'])

function decisionOf(
  { marker, origin }: SubmittedJob,
  decision: 'approve' | 'change',
  version: number,
): PlanDecision {
  if (decision === 'approve') return { decision, version, origin }
  return { decision, version, origin, words: `Tasks also have a priority (${marker}, change ${version})` }
}

/** Retries until there is a response. False where another decision, a cancellation or the end of the job came first. */
async function sendDecision(
  url: string,
  { jobId, marker }: SubmittedJob,
  decision: PlanDecision,
  key: string,
): Promise<boolean> {
  const attempt = attempts(`the decision about ${jobId}`)
  for (;;) {
    const signal = attempt()
    const response = await fetch(`${url}/jobs/${jobId}/plan`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'idempotency-key': `${marker}-${decision.version}-${key}`,
      },
      body: JSON.stringify(decision),
      signal,
    }).catch(() => null)
    if (response?.status === 200) return true
    if (response?.status === 409) return false
    if (response !== null && response.status !== 503) throw new Error(`refused: ${await response.text()}`)
    await sleep(300)
  }
}
