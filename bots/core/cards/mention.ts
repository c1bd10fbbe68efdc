import type { JobView } from '#contract'
import { left, notesOf } from './phrases.ts'
import type { Ping } from './notification.ts'

export function toPing(view: JobView, requester: string): Ping {
  return { requester, text: newsOf(view), notes: notesOf(view) }
}

function newsOf(view: JobView): string {
  switch (view.state) {
    case 'completed':
      return `${which(view)} is ready${left(view.report)}.`
    case 'failed':
      return `${which(view)} could not be made.`
    case 'cancelled':
      return 'your job was cancelled.'
    case 'waiting':
    case 'active':
      return 'your job goes on.'
  }
}

const which = ({ version }: JobView) => (version > 1 ? `version ${version} of your backend` : 'your backend')
