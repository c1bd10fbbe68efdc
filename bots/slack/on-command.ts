import type { Origin } from '#contract'
import { readCommand } from '../commands.ts'
import type { SlackContext } from './context.ts'
import { SlashCommand } from './heard.ts'
import { modalView } from './modal.ts'
import type { Target } from './reply.ts'
import { unescape } from './text-in.ts'
import { whoOfCommand } from './who.ts'

/** `/generate-backend …`, acknowledged before this is called. */
export async function onCommand(context: SlackContext, body: unknown): Promise<void> {
  const heard = SlashCommand.parse(body)
  const { story, identity, tell } = context
  const { user_id: userId, channel_id: channelId, trigger_id: triggerId } = heard
  const target: Target = { userId, channelId, threadTs: null, responseUrl: heard.response_url ?? null }
  if (!(await context.admits(whoOfCommand(heard, identity), target))) return

  const asker = context.askerOf(userId)
  const command = readCommand(unescape(heard.text))
  switch (command.kind) {
    case 'form':
      await context.web.views.open({
        trigger_id: triggerId,
        view: modalView({ channelId, threadTs: null, responseUrl: target.responseUrl }),
      })
      return
    case 'help':
      return tell(target, story.help())
    case 'list':
      return tell(target, await story.list(asker))
    case 'status':
      return tell(target, await story.status(asker, command.jobId))
    case 'cancel':
      return tell(target, await story.cancel(asker, command.jobId))
    case 'retry':
      return tell(target, await story.retry(asker, command.jobId, hereOrThere(context, userId)))
    case 'generate': {
      const request = {
        prompt: command.prompt,
        options: {},
        fileId: null,
        refines: null,
        channelId,
        threadTs: null,
        key: `slack:trigger:${triggerId}`,
      }
      await context.ask({ request, file: null, userId, target, present: false })
    }
  }
}

/** A job is tried again where it was asked for, on behalf of whoever tries. */
export const hereOrThere =
  ({ identity }: SlackContext, userId: string, here?: { channelId: string; threadTs: string }) =>
  (origin: Origin): Origin | null => {
    if (here) return { kind: 'slack', teamId: identity.teamId, userId, ...here }
    return origin.kind === 'slack' && origin.teamId === identity.teamId ? { ...origin, userId } : null
  }
