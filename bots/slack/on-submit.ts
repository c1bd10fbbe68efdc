import type { SlackContext } from './context.ts'
import { Submission } from './heard.ts'
import { readModal, type Filled } from './modal.ts'
import type { Target } from './reply.ts'
import { whoOfPress } from './who.ts'

/** Reads a form that was sent: what is wrong with it is shown in the form, before it closes. */
export const readSubmission = (body: unknown): Filled => readModal(Submission.parse(body).view)

/** A form was sent and has closed. */
export async function onSubmit(
  context: SlackContext,
  body: unknown,
  { metadata, request, file }: Extract<Filled, { ok: true }>,
): Promise<void> {
  const heard = Submission.parse(body)
  const userId = heard.user.id
  const target: Target = { userId, ...metadata }
  if (!(await context.admits(whoOfPress(heard, context.identity), target))) return
  await context.ask({
    request: { ...request, key: `slack:view:${heard.view.id}` },
    file,
    userId,
    target,
    present: false,
  })
}
