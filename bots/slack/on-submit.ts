import { answer, text } from '../answer.ts'
import type { SlackContext } from './context.ts'
import { Submission } from './heard.ts'
import { MODAL_ID, readModal, type Filled } from './modal.ts'
import { readRefineModal } from './refine-modal.ts'
import type { Target } from './reply.ts'
import { whoOfPress } from './who.ts'

/** Reads a form that was sent: what is wrong with it is shown in the form, before it closes. */
export function readSubmission(body: unknown): Filled {
  const { view } = Submission.parse(body)
  return view.callback_id === MODAL_ID ? readModal(view) : readRefineModal(view)
}

const QUEUED_HERE = answer([text('Queued. I answer in our direct messages.')])
const QUEUED_THERE = answer([text('Queued. I answer where the backend was asked for.')])

/** A form was sent and has closed. */
export async function onSubmit(
  context: SlackContext,
  body: unknown,
  { metadata, request, file }: Extract<Filled, { ok: true }>,
): Promise<void> {
  const heard = Submission.parse(body)
  const userId = heard.user.id
  const { channelId, threadTs, responseUrl, refines } = metadata
  const target: Target = { userId, channelId, threadTs, responseUrl }
  if (!(await context.admits(whoOfPress(heard, context.identity), target))) return
  const outcome = await context.ask({
    request: { ...request, key: `slack:view:${heard.view.id}` },
    file,
    userId,
    target,
    present: false,
  })
  // Home says nothing by itself.
  if (outcome === 'queued' && channelId === null && responseUrl === null)
    await context.showHome(userId, refines === null ? QUEUED_HERE : QUEUED_THERE)
}
