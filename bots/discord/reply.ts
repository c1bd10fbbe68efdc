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
import { renderReply } from './render-reply.ts'

/** Where a reply goes: to the interaction, otherwise to the channel, otherwise to a direct message. */
export type Target = {
  readonly userId: string
  /** Valid for 15 minutes. Null when the user wrote a message. */
  readonly interaction: { readonly applicationId: string; readonly token: string } | null
  readonly channelId: string | null
  /** The message to reply to. */
  readonly messageId: string | null
}

/** Initial response to an interaction, due within three seconds. The reply follows when it is ready. */
export const deferReply: APIInteractionResponse = {
  type: InteractionResponseType.DeferredChannelMessageWithSource,
  data: { flags: MessageFlags.Ephemeral },
}
/** The same for a button on an ephemeral message, which the reply then replaces. */
export const deferUpdate: APIInteractionResponse = { type: InteractionResponseType.DeferredMessageUpdate }

/** A complete ephemeral reply as the initial response. */
export function immediateReply(reply: Reply): APIInteractionResponse {
  const rendered = renderReply(reply)
  return {
    type: InteractionResponseType.ChannelMessageWithSource,
    data: { ...rendered, flags: rendered.flags | MessageFlags.Ephemeral },
  }
}

/** Sends replies that only one user sees. Never throws; failures are logged. */
export function makeReplySender(deps: {
  readonly rest: REST
  readonly interactions: REST
  readonly log: Logger
}) {
  const { rest, interactions, log } = deps

  const originalReply = ({ applicationId, token }: NonNullable<Target['interaction']>) =>
    Routes.webhookMessage(applicationId, token, '@original')

  async function send(target: Target, reply: Reply, requestKey: string | null = null): Promise<void> {
    const body = renderReply(reply, requestKey)
    const { userId, interaction, channelId, messageId } = target
    const attempts = [
      ...(interaction === null
        ? []
        : [() => interactions.patch(originalReply(interaction), { body, auth: false })]),
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
    for (const attempt of attempts) {
      try {
        await attempt()
        return
      } catch (error) {
        log.info({ reason: errorSummary(error) }, 'reply failed, trying another way')
      }
    }
    log.warn({ userId }, 'reply could not be delivered')
  }

  return {
    send,
    /** Removes the "is thinking" indicator when the notifier replies instead. */
    async clear({ interaction }: Target): Promise<void> {
      if (interaction === null) return
      try {
        await interactions.delete(originalReply(interaction), { auth: false })
      } catch (error) {
        log.info({ reason: errorSummary(error) }, 'could not remove a deferred reply')
      }
    },
  }
}
