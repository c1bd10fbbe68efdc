import type { JobView } from '#contract'
import { gapsText, notesOf } from './phrases.ts'
import type { Mention } from './notification.ts'

export function toMention(view: JobView, requester: string): Mention {
  return { requester, text: mentionText(view), notes: notesOf(view) }
}

function mentionText(view: JobView): string {
  switch (view.state) {
    case 'completed':
      return `${subject(view)} is ready${gapsText(view.report)}.`
    case 'failed':
      return `generation of ${subject(view)} failed.`
    case 'cancelled':
      return 'your job was cancelled.'
    case 'waiting':
    case 'active':
      return 'your job is still running.'
  }
}

const subject = ({ version }: JobView) =>
  version > 1 ? `version ${version} of your backend` : 'your backend'
