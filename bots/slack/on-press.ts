import { JobId } from '#contract'
import { answer, text, type Answer } from '../answer.ts'
import { unpack, type SlackRequest } from './carry.ts'
import type { SlackContext } from './context.ts'
import { ButtonPress } from './heard.ts'
import { modalView, type Metadata } from './modal.ts'
import { hereOrThere } from './on-command.ts'
import { refineView } from './refine-modal.ts'
import type { Target } from './reply.ts'
import { whoOfPress } from './who.ts'

/** Every button that the app ever shows. */
export const PRESSES =
  /^(cancel_job|retry_job|refine_job|job_details|send_again|send_in_dm|edit_request|new_backend|refresh_home)$/

const STALE = answer([
  text('This button is from another time and cannot be used any more. Ask again with the command.'),
])

/** A button was pressed, acknowledged before this is called. Whatever comes of it, whoever pressed it is told. */
export async function onPress(context: SlackContext, body: unknown): Promise<void> {
  const heard = ButtonPress.parse(body)
  const { story, identity } = context
  const userId = heard.user.id
  const { action_id: action, value } = heard.actions[0]!
  const threadTs = heard.container.thread_ts ?? heard.message?.thread_ts ?? null
  const channelId = heard.channel?.id ?? null
  const target: Target = { userId, channelId, threadTs, responseUrl: heard.response_url ?? null }
  const onHome = heard.container.type === 'view'
  if (!(await context.admits(whoOfPress(heard, identity), target, { anywhere: true }))) return

  const asker = context.askerOf(userId)
  const jobId = value ?? ''
  const here = channelId !== null && threadTs !== null ? { channelId, threadTs } : undefined
  const say = (said: Answer) => (onHome ? context.showHome(userId, said) : context.tell(target, said))
  switch (action) {
    case 'cancel_job':
      return say(await story.cancel(asker, jobId))
    case 'retry_job':
      return say(await story.retry(asker, jobId, hereOrThere(context, userId, here)))
    case 'refine_job':
      if (!JobId.safeParse(jobId).success) return say(STALE)
      return openForm({ refines: jobId, channelId, threadTs })
    case 'job_details':
      return say(await story.details(asker, jobId))
    case 'refresh_home':
      return context.showHome(userId, null)
    case 'new_backend':
      return openForm({})
    case 'edit_request':
    case 'send_again':
    case 'send_in_dm': {
      const request = unpack(value)
      if (request === null) return say(STALE)
      if (action === 'edit_request') return openForm(request, request)
      const wanted =
        action === 'send_again'
          ? request
          : { ...request, channelId: null, threadTs: null, key: `${request.key}:dm` }
      // The list of channels counts for where the answer goes.
      const where = { ...target, channelId: wanted.channelId }
      if (!(await context.admits(whoOfPress(heard, identity), where))) return
      const outcome = await context.ask({ request: wanted, file: null, userId, target, present: false })
      if (outcome === 'queued')
        await say(
          answer([
            text(action === 'send_in_dm' ? 'Queued. I will answer in our direct messages.' : 'Queued.'),
          ]),
        )
      return
    }
    default:
      return say(STALE)
  }

  async function openForm(about: Partial<Metadata>, filled?: SlackRequest): Promise<void> {
    const { channelId = null, threadTs = null, refines = null } = about
    const metadata = { channelId, threadTs, refines, responseUrl: target.responseUrl }
    const view = refines === null ? modalView(metadata, filled) : refineView(metadata, filled?.prompt)
    await context.web.views.open({ trigger_id: heard.trigger_id, view })
  }
}
