import type { types } from '@slack/bolt'
import type { Form } from '../core/handler-result.ts'
import type { SlackDestination } from './destination.ts'
import { ViewSubmission } from './payloads.ts'
import { MODAL_ID, modalView, readModal, type FormSubmission } from './modal.ts'
import { PLAN_ID, planView, readPlanModal, type PlanSubmission } from './plan-modal.ts'
import { readRefineModal, refineView } from './refine-modal.ts'

/** The modal to open; `responseUrl` is used to reply to the person afterwards. */
export function formView(
  { refines, plan, destination, initial }: Form<SlackDestination>,
  responseUrl: string | null,
): types.ModalView {
  const { channelId = null, threadTs = null } = destination ?? {}
  const metadata = { channelId, threadTs, refines, responseUrl }
  if (plan !== undefined) return planView({ ...metadata, planVersion: plan.version }, plan.questions)
  return refines === null ? modalView(metadata, initial ?? undefined) : refineView(metadata, initial?.prompt)
}

/** Reads a submitted form. Errors are shown in the form before it closes. */
export function readSubmission(body: unknown): FormSubmission | PlanSubmission {
  const { view } = ViewSubmission.parse(body)
  if (view.callback_id === PLAN_ID) return readPlanModal(view)
  return view.callback_id === MODAL_ID ? readModal(view) : readRefineModal(view)
}
