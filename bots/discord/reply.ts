import { setTimeout as sleep } from 'node:timers/promises'
import {
  DiscordAPIError,
  InteractionResponseType,
  MessageFlags,
  Routes,
  type APIInteractionResponse,
  type REST,
} from 'discord.js'
import type { Logger } from '#lib/log'
import { makeReply, text, type Reply } from '../core/reply.ts'
import { errorSummary } from './errors.ts'
import { renderReply } from './render-reply.ts'

/** Pauses between attempts while Discord does not know the initial response, in milliseconds. */
const UNKNOWN_RETRY_MS = [250, 500, 1_000]

/**
 * Where a reply goes: to the interaction, otherwise to the channel, otherwise to a direct message. Everybody in a channel
 * sees a message there, so private replies skip it.
 */
export type Target = {
  readonly userId: string
  /** Valid for 15 minutes. Null when the user wrote a message. */
  readonly interaction: { readonly applicationId: string; readonly token: string } | null
  readonly channelId: string | null
  /** Whether others read that channel. */
  readonly isShared: boolean
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

const SENT_DIRECTLY = makeReply([text('Sent to you as a direct message.')])
const DM_CLOSED = makeReply([
  text(
    'Only you should see this, and I can’t DM you. Use ',
    { code: '/backend list' },
    ' or ',
    { code: '/backend status' },
    ' instead: their answers are visible only to you.',
  ),
])

/** Sends replies that only one user sees. Never throws; failures are logged. */
export function makeReplySender(deps: {
  readonly rest: REST
  readonly interactions: REST
  readonly log: Logger
}) {
  const { rest, interactions, log } = deps

  const originalReply = ({ applicationId, token }: NonNullable<Target['interaction']>) =>
    Routes.webhookMessage(applicationId, token, '@original')

  const patchOriginal = (interaction: NonNullable<Target['interaction']>, body: object) =>
    onceKnown(() => interactions.patch(originalReply(interaction), { body, auth: false }))

  /** Over HTTP, a follow-up can reach Discord before it has stored the initial response, which is unknown until then. */
  async function onceKnown(send: () => Promise<unknown>): Promise<void> {
    for (const pause of [...UNKNOWN_RETRY_MS, null]) {
      try {
        await send()
        return
      } catch (error) {
        const isUnknown = error instanceof DiscordAPIError && error.status === 404
        if (!isUnknown || pause === null) throw error
        await sleep(pause)
      }
    }
  }

  async function send(target: Target, reply: Reply, requestKey: string | null = null): Promise<void> {
    const body = renderReply(reply, requestKey)
    const { userId, interaction, channelId, isShared, messageId } = target
    const inChannel = (said: object) =>
      rest.post(Routes.channelMessages(channelId!), {
        body: {
          ...said,
          ...(messageId !== null && {
            message_reference: { message_id: messageId, fail_if_not_exists: false },
          }),
        },
      })
    const directly = async () => {
      const dm = (await rest.post(Routes.userChannels(), { body: { recipient_id: userId } })) as {
        id: string
      }
      await rest.post(Routes.channelMessages(dm.id), { body })
    }
    const isHidden = reply.isPrivate === true && isShared
    const attempts =
      interaction !== null
        ? [() => patchOriginal(interaction, body), directly]
        : channelId === null
          ? [directly]
          : isHidden
            ? [directly, () => inChannel(renderReply(DM_CLOSED))]
            : [() => inChannel(body), directly]
    for (const attempt of attempts) {
      try {
        await attempt()
      } catch (error) {
        log.info({ reason: errorSummary(error) }, 'reply failed, trying another way')
        continue
      }
      // Without it, the person would wait for an answer in the channel.
      if (isHidden && attempt === directly)
        await inChannel(renderReply(SENT_DIRECTLY)).catch((error: unknown) =>
          log.info({ reason: errorSummary(error) }, 'could not say that the reply is a direct message'),
        )
      return
    }
    log.warn({ userId }, 'reply could not be delivered')
  }

  return {
    send,
    /** Removes the "is thinking" indicator when the notifier replies instead. */
    async clear({ interaction }: Target): Promise<void> {
      if (interaction === null) return
      try {
        await onceKnown(() => interactions.delete(originalReply(interaction), { auth: false }))
      } catch (error) {
        log.info({ reason: errorSummary(error) }, 'could not remove a deferred reply')
      }
    },
  }
}
