import type { JobView } from '#contract'
import { stateOf, titleOf } from './phrases.ts'
import { factsOf } from './result.ts'
import type { ParentMessage } from './notification.ts'

export function toParentMessage(view: JobView, requester: string | null): ParentMessage {
  const { jobId, prompt, state } = view
  return {
    jobId,
    requester,
    prompt,
    state,
    headline: [stateOf(view), ...factsOf(view).slice(0, 2)].join(' · '),
  }
}

/** The name of the job's thread. It is stable, so that a private thread can be found again if the response to opening it was lost. */
export const threadName = (view: JobView): string => titleOf({ ...view, report: null }) || 'A backend'
