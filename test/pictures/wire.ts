import type { MessageMarker } from '../../bots/core/chat.ts'
import type { Notification } from '../../bots/core/cards/notification.ts'
import type { Shown } from './shown.ts'

/** A chat to which messages about jobs are sent; it gives them back as it received them. */
export type Wire = AsyncDisposable & { send(notification: Notification): Promise<Shown> }

export const ZIP_BYTES = 74_312

export function markerOf(notification: Notification): MessageMarker {
  switch (notification.kind) {
    case 'parent-message':
      return { jobId: notification.parent.jobId, part: 'root' }
    case 'card':
      return { jobId: notification.card.jobId, part: 'card' }
    case 'plan':
      return { jobId: notification.plan.jobId, part: `plan-${notification.plan.version}` }
    case 'result':
      return { jobId: notification.result.jobId, part: 'result' }
  }
}
