import type { types } from '@slack/bolt'
import { makeReply, text, type Reply } from '../core/reply.ts'
import type { HandlerResult } from '../core/handler-result.ts'
import { errorSummary } from './error-summary.ts'
import type { SlackInbound } from './inbound.ts'
import { renderReply } from './render-reply.ts'
import type { Trigger } from './to-payload.ts'

const DETAILS_ID = 'job_details'
const LOADING = makeReply([text('One moment…')])

/** The modal with one page of a job's details. Pure. */
export const detailsView = (page: Reply): types.ModalView => ({
  type: 'modal',
  callback_id: DETAILS_ID,
  title: { type: 'plain_text', text: 'Details' },
  close: { type: 'plain_text', text: 'Close' },
  blocks: renderReply(page).blocks,
})

/**
 * Shows details in a modal, or in the one whose button was pressed. It opens before they are loaded, since its trigger
 * expires after three seconds. Where no modal opens, the person gets them as a reply.
 */
export async function showDetails(
  { web, log }: Pick<SlackInbound, 'web' | 'log'>,
  trigger: Trigger,
  { load, work }: Pick<Extract<HandlerResult<never>, { kind: 'details' }>, 'load' | 'work'>,
): Promise<void> {
  let viewId = trigger.modalId
  if (viewId === null) {
    try {
      const opened = await web.views.open({ trigger_id: trigger.id, view: detailsView(LOADING) })
      viewId = opened.view?.id ?? null
    } catch (error) {
      log.info({ reason: errorSummary(error) }, 'no modal for the details, replying instead')
    }
  }
  if (viewId === null) return work()
  const view = detailsView(await load())
  try {
    await web.views.update({ view_id: viewId, view })
  } catch (error) {
    // Such as a modal that was closed meanwhile.
    log.info({ reason: errorSummary(error) }, 'the modal with the details is gone')
  }
}
