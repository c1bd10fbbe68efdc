import { answer, text } from '../answer.ts'
import type { DiscordContext } from './context.ts'
import { readCustomId } from './custom-id.ts'
import type { Submission } from './heard.ts'
import { hereOrThere } from './here-or-there.ts'
import { readForm } from './modal.ts'
import { start, type Handled } from './on-command.ts'
import { placeOf } from './place.ts'
import { refine } from './refine.ts'
import { atOnce, later, type Target } from './reply.ts'
import type { Who } from './who.ts'

const UNKNOWN = answer([text('This form is from another time. Nothing was started: open it anew.')])

/** A form was sent. */
export function onForm(context: DiscordContext, heard: Submission, who: Who, target: Target): Handled {
  const read = readCustomId(heard.data.custom_id)
  const filled = readForm(heard)
  if (!filled.ok) return { reply: atOnce(answer([text(filled.why)])) }
  switch (read?.name) {
    case 'new_backend':
      return start(context, heard, who, target, filled)
    case 'refine_backend':
      return {
        reply: later,
        work: () =>
          refine(context, {
            who,
            target,
            jobId: read.subject,
            prompt: filled.prompt,
            key: `discord:interaction:${heard.id}`,
            place: hereOrThere(who.userId, placeOf(heard)),
          }),
      }
    default:
      return { reply: atOnce(UNKNOWN) }
  }
}
