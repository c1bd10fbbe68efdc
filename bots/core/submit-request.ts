import { joinFiles, type GenerateRequest } from '#contract'
import { outdatedReply } from './job-messages.ts'
import { makeReply, text, type Button, type Reply } from './reply.ts'
import type { Caller } from './permissions.ts'
import { SpecFileError } from './spec-file.ts'
import type { Refusal, SubmitResult } from './submit-result.ts'
import type { InboundChat, Via } from './inbound-chat.ts'
import type { Actor, BackendRequest } from './payloads.ts'
import { replyDestination } from './reply-destination.ts'

/** The buttons that may help. */
const HELP: Readonly<Record<Refusal['help'], readonly Button[]>> = {
  retry: [{ action: 'send_again' }],
  edit: [{ action: 'edit_request' }],
  none: [],
}

/**
 * Submits a request as a job. Once it is queued, the notifier takes over. If submission fails, the requester gets the
 * request back with buttons to retry it, send it elsewhere, or edit it.
 */
export async function submitRequest<Target, Destination>(
  chat: InboundChat<Target, Destination>,
  submission: {
    readonly request: BackendRequest<Destination>
    readonly actor: Actor
    readonly caller: Caller
    readonly target: Target
    readonly via: Via
    /** Said once the request is queued. */
    readonly note?: Reply | null
  },
): Promise<void> {
  const { jobCommands } = chat
  const { request, target, via, caller, note = null } = submission
  const { userId } = submission.actor
  const refuse = ({ lines, buttons }: Reply): Promise<void> => {
    // A form field holds less text than a message or a command.
    const usable = buttons.filter(
      ({ action }) => action !== 'edit_request' || request.prompt.length <= chat.formPromptLength,
    )
    return chat.reply(target, { lines, buttons: usable }, request)
  }
  const finish = async (outcome: SubmitResult, lead: string): Promise<void> => {
    if (outcome.kind === 'queued') {
      await chat.onQueued({ target, request, jobId: outcome.jobId, via })
      return note === null ? undefined : chat.reply(target, note)
    }
    if (outcome.kind === 'noted') return chat.reply(target, outcome.reply)
    if (outcome.kind === 'outdated') return refuse(outdatedReply(outcome.asked, outcome.newest))
    const { lines } = outcome.reply
    return refuse(makeReply([text(lead), ...lines], HELP[outcome.help]))
  }

  const { prompt, options, file, otherFiles = [], refines, destination, key } = request
  if (refines !== null) {
    // The notifier handles a thread that has been closed since.
    return finish(
      await jobCommands.refine({
        caller,
        id: refines,
        prompt,
        base: request.base ?? 'ask',
        idempotencyKey: key,
        resolveOrigin: replyDestination(chat, userId, destination),
      }),
      'The next version could not be queued.',
    )
  }

  const reach = await chat.reach(destination, userId)
  if (!reach.ok) return refuse(reach.reply)

  let spec: string | null = null
  try {
    spec = file && (await chat.readSpec(file))
    for (const other of otherFiles)
      spec = joinFiles(spec ?? '', [{ name: other.name ?? 'file', text: await chat.readSpec(other) }])
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
  return finish(await jobCommands.generate(wanted, key), 'Your backend could not be queued.')
}
