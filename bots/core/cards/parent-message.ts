import type { JobView } from '#contract'
import { stateOf, titleOf } from './phrases.ts'
import type { Root } from './notification.ts'

export function toRoot(view: JobView, requester: string | null): Root {
  const { jobId, prompt, state } = view
  return { jobId, requester, prompt, state, headline: stateOf(view) }
}

/** What a thread of its own is called. It never changes: a private thread whose opening was not answered is found by it. */
export const threadName = (view: JobView): string => titleOf({ ...view, report: null }) || 'A backend'
