import type { types } from '@slack/bolt'
import type { CardAction } from '../../core/cards/notification.ts'
import { truncate } from '../../core/truncate.ts'
import { LIMITS } from '../limits.ts'

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

/** A button of a plan. `at` tells several with one action apart. */
export const subjectButton = (
  label: string,
  action: 'approve_plan' | 'change_plan' | 'answer_plan',
  subject: string,
  at: number | null = null,
): types.Button =>
  button(truncate(label, LIMITS.button.text), at === null ? action : `${action}.${at}`, subject)

const button = (label: string, actionId: string, value: string): types.Button => ({
  type: 'button',
  text: { type: 'plain_text', text: label },
  action_id: actionId,
  value,
})
