import type { JobView } from '#contract'
import { stateOf, titleOf } from './phrases.ts'
import type { ParentMessage } from './notification.ts'

export function toParentMessage(view: JobView, requester: string | null): ParentMessage {
  const { jobId, prompt, state } = view
  return { jobId, requester, prompt, state, headline: stateOf(view) }
}

/** What a thread of its own is called. It never changes: a private thread whose opening was not answered is found by it. */
export const threadName = (view: JobView): string => titleOf({ ...view, report: null }) || 'A backend'
