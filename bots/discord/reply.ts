import {
  InteractionResponseType,
  MessageFlags,
  Routes,
  type APIInteractionResponse,
  type REST,
} from 'discord.js'
import type { Logger } from '#lib/log'
import type { Reply } from '../core/reply.ts'
import { errorSummary } from './errors.ts'
import { renderAnswer } from './render-answer.ts'

/** Whom an answer reaches: through the token of an interaction, and else in the channel or by direct message. */
export type Target = {
  readonly userId: string
  /** Good for 15 minutes. Null: they wrote a message. */
  readonly interaction: { readonly applicationId: string; readonly token: string } | null
  readonly channelId: string | null
  /** The message that is answered. */
  readonly messageId: string | null
}

/** First answers to an interaction: they have three seconds. What follows takes its time. */
export const deferReply: APIInteractionResponse = {
  type: InteractionResponseType.DeferredChannelMessageWithSource,
  data: { flags: MessageFlags.Ephemeral },
}
/** The same for a button under a message that only its reader isInSameWorkspace: that message becomes the answer. */
export const deferUpdate: APIInteractionResponse = { type: InteractionResponseType.DeferredMessageUpdate }

/** A whole answer at once, for its reader alone. */
export function immediateReply(answer: Reply): APIInteractionResponse {
  const rendered = renderAnswer(answer)
  return {
    type: InteractionResponseType.ChannelMessageWithSource,
    data: { ...rendered, flags: rendered.flags | MessageFlags.Ephemeral },
  }
}

/** Tells people things that nobody else sees. Never throws; what could not be said is logged. */
export function makeReplies(deps: {
  readonly rest: REST
  readonly interactions: REST
  readonly log: Logger
}) {
  const { rest, interactions, log } = deps

  const inPlace = ({ applicationId, token }: NonNullable<Target['interaction']>) =>
    Routes.webhookMessage(applicationId, token, '@original')

  async function send(target: Target, answer: Reply, kept: string | null = null): Promise<void> {
    const body = renderAnswer(answer, kept)
    const { userId, interaction, channelId, messageId } = target
    const ways = [
      ...(interaction === null
        ? []
        : [() => interactions.patch(inPlace(interaction), { body, auth: false })]),
      ...(interaction !== null || channelId === null
        ? []
        : [
            () =>
              rest.post(Routes.channelMessages(channelId), {
                body: {
                  ...body,
                  ...(messageId !== null && {
                    message_reference: { message_id: messageId, fail_if_not_exists: false },
                  }),
                },
              }),
          ]),
      async () => {
        const dm = (await rest.post(Routes.userChannels(), { body: { recipient_id: userId } })) as {
          id: string
        }
        await rest.post(Routes.channelMessages(dm.id), { body })
      },
    ]
    for (const way of ways) {
      try {
        await way()
        return
      } catch (error) {
        log.info({ reason: errorSummary(error) }, 'an answer did not get through this way')
      }
    }
    log.warn({ userId }, 'an answer could not be given in any way')
  }

  return {
    tell: send,
    /** Takes the "is thinking" away, where somebody else has the word now. */
    async clear({ interaction }: Target): Promise<void> {
      if (interaction === null) return
      try {
        await interactions.delete(inPlace(interaction), { auth: false })
      } catch (error) {
        log.info({ reason: errorSummary(error) }, 'an answer that is not needed could not be taken away')
      }
    },
  }
}
