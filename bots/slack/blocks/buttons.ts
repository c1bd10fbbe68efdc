import type { types } from '@slack/bolt'
import type { CardAction } from '../../core/cards/notification.ts'

/** Action IDs match those the app listens for; the value is the job ID. */
export function actionButton(action: CardAction, jobId: string): types.Button {
  switch (action) {
    case 'cancel':
      return {
        ...button('Cancel', 'cancel_job', jobId),
        style: 'danger',
        confirm: {
          title: { type: 'plain_text', text: 'Cancel this job?' },
          text: { type: 'plain_text', text: 'Progress will be lost.' },
          confirm: { type: 'plain_text', text: 'Cancel the job' },
          deny: { type: 'plain_text', text: 'Keep running' },
          style: 'danger',
        },
      }
    case 'retry':
      return button('Retry', 'retry_job', jobId)
    case 'refine':
      return button('Refine', 'refine_job', jobId)
    case 'details':
      return button('Details', 'job_details', jobId)
  }
}

const button = (label: string, actionId: string, value: string): types.Button => ({
  type: 'button',
  text: { type: 'plain_text', text: label },
  action_id: actionId,
  value,
})
