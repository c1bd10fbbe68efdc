import { InteractionResponseType, MessageFlags } from 'discord.js'
import { answer, text, type Answer } from '../answer.ts'
import type { DiscordContext } from './context.ts'
import { readCustomId } from './custom-id.ts'
import type { Press } from './heard.ts'
import { hereOrThere } from './here-or-there.ts'
import { newBackendModal, refineModal } from './modal.ts'
import type { Handled } from './on-command.ts'
import { placeOf } from './place.ts'
import { atOnce, later, laterInPlace, type Target } from './reply.ts'
import type { Who } from './who.ts'

const STALE = answer([
  text('This button is from another time and cannot be used any more. Ask again with the command.'),
])

/** A button was pressed. Whatever comes of it, whoever pressed it is told. */
export function onPress(context: DiscordContext, heard: Press, who: Who, target: Target): Handled {
  const { story, tell, kept } = context
  const read = readCustomId(heard.data.custom_id)
  const asker = context.askerOf(who)
  const jobId = read?.subject ?? ''
  // Under an answer that only this person sees, the answer changes; under a card, a new one comes.
  const isOwn = (heard.message.flags & MessageFlags.Ephemeral) !== 0
  const say = (verb: () => Promise<Answer>): Handled => ({
    reply: isOwn ? laterInPlace : later,
    work: async () => tell(target, await verb()),
  })
  switch (read?.name) {
    case 'ask_cancel':
      return {
        reply: atOnce(
          answer(
            [text('Cancel this job? What was made so far is thrown away.')],
            [{ action: 'cancel_job', jobId }],
          ),
        ),
      }
    case 'cancel_job':
      return say(() => story.cancel(asker, jobId))
    case 'retry_job':
      return say(() => story.retry(asker, jobId, hereOrThere(who.userId, placeOf(heard))))
    case 'job_details':
      return say(() => story.details(asker, jobId))
    case 'refine_job':
      if (read.jobId === null) return { reply: atOnce(STALE) }
      return { reply: { type: InteractionResponseType.Modal, data: refineModal(read.jobId) } }
    case 'edit_request': {
      const request = kept.get(read.subject)
      if (request === undefined) return { reply: atOnce(STALE) }
      return { reply: { type: InteractionResponseType.Modal, data: newBackendModal(request) } }
    }
    case 'send_again':
    case 'send_in_dm': {
      const request = kept.get(read.subject)
      if (request === undefined) return { reply: atOnce(STALE) }
      const direct = read.name === 'send_in_dm'
      // What the bot may do here may have changed since.
      const place = placeOf(heard) ?? request.place
      const again = { ...request, place, ...(direct && { key: `${request.key}:dm` }) }
      return {
        reply: isOwn ? laterInPlace : later,
        work: () => context.ask({ request: again, userId: who.userId, target, direct }),
      }
    }
    case 'new_backend':
    case 'refine_backend':
    case undefined:
      return { reply: atOnce(STALE) }
  }
}
