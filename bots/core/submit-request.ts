import type { GenerateRequest } from '#contract'
import { makeReply, text, type Reply } from './reply.ts'
import type { Caller } from './permissions.ts'
import { SpecFileError } from './spec-file.ts'
import type { SubmitResult } from './job-commands.ts'
import type { InboundChat, Via } from './inbound-chat.ts'
import type { Actor, BackendRequest } from './payloads.ts'
import { replyDestination } from './reply-destination.ts'

/**
 * Turns a request into a job. The notifier speaks once it is queued. What cannot be sent is given back to the person who
 * wrote it, with buttons to send it again, elsewhere, or changed.
 */
export async function submitRequest<Target, Destination>(
  chat: InboundChat<Target, Destination>,
  submission: {
    readonly request: BackendRequest<Destination>
    readonly actor: Actor
    readonly caller: Caller
    readonly target: Target
    readonly via: Via
  },
): Promise<void> {
  const { jobCommands } = chat
  const { request, target, via, caller } = submission
  const { userId } = submission.actor
  const refuse = ({ lines, buttons }: Reply): Promise<void> => {
    // A form takes less than a message or a command may have.
    const usable = buttons.filter(
      ({ action }) => action !== 'edit_request' || request.prompt.length <= chat.formPromptLength,
    )
    return chat.reply(target, { lines, buttons: usable }, request)
  }
  const settle = (outcome: SubmitResult, lead: string): Promise<void> => {
    if (outcome.kind === 'queued') return chat.onQueued({ target, request, jobId: outcome.jobId, via })
    const { lines } = outcome.reply
    return refuse(
      makeReply([text(lead), ...lines], [{ action: outcome.retry ? 'send_again' : 'edit_request' }]),
    )
  }

  const { prompt, options, file, refines, destination, key } = request
  if (refines !== null) {
    // A thread that is closed by now is the notifier's matter.
    const origin = replyDestination(chat, userId, destination)
    return settle(
      await jobCommands.refine(caller, refines, prompt, key, origin),
      'The next version could not be queued.',
    )
  }

  const reach = await chat.reach(destination, userId)
  if (!reach.ok) return refuse(reach.reply)

  let spec: string | null = null
  try {
    spec = file && (await chat.readSpec(file))
  } catch (error) {
    if (!(error instanceof SpecFileError)) throw error
    return refuse(
      makeReply(
        [text(error.message), text('Nothing was started.')],
        [{ action: 'send_again' }, { action: 'edit_request' }],
      ),
    )
  }

  const wanted: GenerateRequest = {
    prompt,
    ...(Object.keys(options).length > 0 && { options }),
    ...(spec !== null && { spec }),
    origin: reach.origin,
  }
  return settle(await jobCommands.generate(wanted, key), 'Your backend could not be queued.')
}
