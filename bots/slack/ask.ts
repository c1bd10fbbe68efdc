import type { GenerateRequest, Origin } from '#contract'
import { answer, text, type Answer, type Press } from '../answer.ts'
import type { Asker } from '../permissions.ts'
import { SpecFileError } from '../spec-file.ts'
import type { Asked, Story } from '../story.ts'
import { pack, type SlackRequest } from './carry.ts'
import type { HeardFile } from './heard.ts'
import { LIMITS } from './limits.ts'
import type { Places } from './place.ts'
import { renderAnswer } from './render-answer.ts'
import type { Reply, Target } from './reply.ts'

export type AskDeps = {
  readonly story: Story
  readonly places: Places
  readonly reply: Reply
  readonly readSpec: (file: HeardFile) => Promise<string>
  readonly teamId: string
  readonly botUserId: string
  readonly askerOf: (userId: string) => Asker
}

/**
 * Turns a request made in Slack into a job. Says nothing when that works: the follower speaks from then on. What cannot
 * be sent is given back to whoever wrote it, with a button to send it again, elsewhere, or changed.
 *
 * @param present where the bot is known to be in the channel, such as when it was mentioned there
 */
export async function askForBackend(
  deps: AskDeps,
  asked: {
    readonly request: SlackRequest
    readonly file: HeardFile | null
    readonly userId: string
    readonly target: Target
    readonly present: boolean
  },
): Promise<'queued' | 'refused'> {
  const { story, places, reply, readSpec, teamId, botUserId, askerOf } = deps
  const { request, userId, target, present } = asked
  const refuse = async ({ lines }: Answer, presses: readonly Press[]): Promise<'refused'> => {
    // The form takes less than a message may have.
    const usable = presses.filter(
      ({ action }) => action !== 'edit_request' || request.prompt.length <= LIMITS.input.maxLength,
    )
    const carried = usable.length === 0 ? null : pack(request)
    await reply(target, renderAnswer({ lines, presses: usable }, { carried, prompt: request.prompt }))
    return 'refused'
  }

  if (request.refines !== null)
    return settle(await refine(request.refines), 'The next version could not be queued.')

  const channelId = request.channelId ?? (await places.directWith(userId))
  if (!present && request.channelId !== null) {
    switch (await places.presence(channelId, userId)) {
      case 'outside':
        return refuse(
          answer([
            text(
              'I am not in this channel, so I could not answer here. Invite me with ',
              { code: '/invite' },
              ' ',
              { user: botUserId },
              ' and press “Try again”, or let me answer in a direct message.',
            ),
          ]),
          [{ action: 'send_again' }, { action: 'send_in_dm' }],
        )
      case 'closed':
        return refuse(
          answer([
            text('I cannot be in this conversation. I can work in a direct message between us instead.'),
          ]),
          [{ action: 'send_in_dm' }],
        )
      case 'member':
      case 'unknown':
    }
  }

  const file = asked.file ?? (request.fileId === null ? null : { id: request.fileId })
  let spec: string | null = null
  try {
    spec = file && (await readSpec(file))
  } catch (error) {
    if (!(error instanceof SpecFileError)) throw error
    return refuse(answer([text(error.message), text('Nothing was started.')]), [
      { action: 'send_again' },
      { action: 'edit_request' },
    ])
  }

  const { prompt, options, threadTs, key } = request
  const wanted: GenerateRequest = {
    prompt,
    ...(Object.keys(options).length > 0 && { options }),
    ...(spec !== null && { spec }),
    origin: { kind: 'slack', teamId, channelId, userId, threadTs },
  }
  return settle(await story.generate(wanted, key), 'Your backend could not be queued.')

  async function settle(outcome: Asked, lead: string): Promise<'queued' | 'refused'> {
    if (outcome.kind === 'queued') return 'queued'
    return refuse(
      answer([text(lead), ...outcome.answer.lines]),
      outcome.retry ? [{ action: 'send_again' }] : [{ action: 'edit_request' }],
    )
  }

  /** In the thread where it was asked for, or where the job was. A channel that is closed by now is the follower's matter. */
  function refine(jobId: string): Promise<Asked> {
    const { channelId, threadTs, prompt, key } = request
    return story.refine(askerOf(userId), jobId, prompt, key, (origin: Origin) => {
      if (channelId !== null) return { kind: 'slack', teamId, channelId, userId, threadTs }
      return origin.kind === 'slack' && origin.teamId === teamId ? { ...origin, userId } : null
    })
  }
}
