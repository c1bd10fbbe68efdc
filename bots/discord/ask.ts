import type { GenerateRequest, Origin } from '#contract'
import { answer, text, type Answer, type Press } from '../answer.ts'
import { SpecFileError } from '../spec-file.ts'
import type { Story } from '../story.ts'
import type { HeardFile } from './heard.ts'
import { LIMITS } from './limits.ts'
import { missingPermissions } from './permissions-needed.ts'
import type { Reply, Target } from './reply.ts'
import type { AskPlace, DiscordRequest } from './request.ts'

export type AskDeps = {
  readonly story: Story
  readonly reply: Reply
  /** Where a request is kept while the buttons under its refusal can be pressed. */
  readonly kept: { set(key: string, request: DiscordRequest): unknown }
  readonly readSpec: (file: HeardFile) => Promise<string>
  readonly threads: 'public' | 'private'
  /** The direct conversation; null when the person takes no messages. */
  readonly openDirect: (userId: string) => Promise<string | null>
}

/**
 * Turns a request made in Discord into a job. Says nothing when that works and the answer comes where it was asked for:
 * the follower speaks from then on. What cannot be sent is told to whoever wrote it, with buttons to send it again,
 * elsewhere, or changed.
 */
export async function askForBackend(
  deps: AskDeps,
  asked: {
    readonly request: DiscordRequest
    readonly userId: string
    readonly target: Target
    /** The answer goes to the direct conversation, wherever this was asked. */
    readonly direct?: boolean
  },
): Promise<void> {
  const { story, reply, kept, readSpec, threads, openDirect } = deps
  const { request, userId, target } = asked
  const { place } = request
  const refuse = ({ lines }: Answer, presses: readonly Press[]) => {
    // A form takes less than a command may have.
    const usable = presses.filter(
      ({ action }) => action !== 'edit_request' || request.prompt.length <= LIMITS.modal.textInput,
    )
    const key = request.key.slice(-40)
    kept.set(key, request)
    return reply.tell(target, { lines, presses: usable }, key)
  }

  const refusal = asked.direct ? null : refusalOfPlace(place, threads)
  if (refusal !== null) return refuse(refusal, [{ action: 'send_again' }, { action: 'send_in_dm' }])
  const elsewhere = asked.direct === true || !place.present
  let channelId = place.channelId
  if (elsewhere) {
    const direct = await openDirect(userId)
    if (direct === null)
      return refuse(
        answer([
          text(
            place.guildId === null || asked.direct
              ? 'You take no direct messages from me, so I could not hand anything over there. '
              : 'I am no member of this server, so I cannot write here, and you take no direct messages from me. ',
            'Allow direct messages from this app in its profile, or have me invited to the server. Nothing was started.',
          ),
        ]),
        [{ action: 'send_in_dm' }],
      )
    channelId = direct
  }

  let spec: string | null = null
  try {
    spec = request.file && (await readSpec(request.file))
  } catch (error) {
    if (!(error instanceof SpecFileError)) throw error
    return refuse(answer([text(error.message), text('Nothing was started.')]), [
      { action: 'send_again' },
      { action: 'edit_request' },
    ])
  }

  const { prompt, options, key } = request
  const origin: Origin = {
    kind: 'discord',
    guildId: elsewhere ? null : place.guildId,
    channelId,
    userId,
    threadId: elsewhere ? null : place.threadId,
    uploadLimit: elsewhere ? null : place.uploadLimit,
  }
  const wanted: GenerateRequest = {
    prompt,
    ...(Object.keys(options).length > 0 && { options }),
    ...(spec !== null && { spec }),
    origin,
  }
  const outcome = await story.generate(wanted, key)
  if (outcome.kind === 'queued') {
    if (!elsewhere) return reply.clear(target)
    const why = asked.direct ? '' : ' I am no member of this server, so I cannot write here.'
    return reply.tell(
      target,
      answer(
        [text(`Queued.${why} The card and the archive come in our direct messages.`)],
        [{ action: 'job_details', jobId: outcome.jobId }],
      ),
    )
  }
  return refuse(
    answer([text('Your backend could not be queued.'), ...outcome.answer.lines]),
    outcome.retry ? [{ action: 'send_again' }] : [{ action: 'edit_request' }],
  )
}

/** Where the bot is a member and yet may not do what it has to. */
function refusalOfPlace(place: AskPlace, threads: AskDeps['threads']): Answer | null {
  if (place.guildId === null || !place.present || place.permissions === null) return null
  const missing = missingPermissions(place.permissions, place.channelType, threads)
  if (missing.length === 0) return null
  return answer([
    text(`I cannot answer in this channel yet. I need: ${missing.join(', ')}.`),
    text(
      'Somebody who manages the channel can allow that; then press “Try again”. Or let me answer in a direct message.',
    ),
  ])
}
