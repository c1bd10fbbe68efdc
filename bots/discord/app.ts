import { InteractionResponseType, InteractionType, type APIInteractionResponse } from 'discord.js'
import { makeReply, text } from '../core/reply.ts'
import { checkAllowList } from '../core/allow-list.ts'
import { handle } from '../core/handle.ts'
import type { Form, HandlerResult } from '../core/handler-result.ts'
import { FAILED } from '../core/messages.ts'
import { onReaction } from '../core/on-reaction.ts'
import { onMessage } from '../core/on-message.ts'
import { acknowledge } from './acknowledge.ts'
import type { DiscordInbound } from './inbound.ts'
import type { DiscordDestination } from './destination.ts'
import { errorSummary } from './errors.ts'
import { MessageCreate, Interaction } from './payloads.ts'
import { messagePayload } from './message-payload.ts'
import { planModal } from './plan-modal.ts'
import { newBackendModal, refineModal } from './modal.ts'
import { reactionPayload } from './reaction.ts'
import { onAutocomplete } from './on-autocomplete.ts'
import { targetOf, actorOf } from './interaction-context.ts'
import { immediateReply, deferReply, deferUpdate, type Target } from './reply.ts'
import { settingsModal } from './settings-modal.ts'
import { isOnEphemeralMessage, toPayload } from './to-payload.ts'
import { scopeOf } from './actor.ts'

const BOT_DENIED = makeReply([text('Bots can’t use this app.')])

/** The response that is due within three seconds, and the work that follows it. */
type InitialResponse = { readonly reply: APIInteractionResponse; readonly work?: () => Promise<void> }

/**
 * Routes Discord's events to their handlers. The initial response comes before any work, since it is due within three
 * seconds. `idle` resolves when no work is in progress.
 */
export function makeDiscordApp(discord: DiscordInbound) {
  const { log, interactions } = discord
  const working = new Set<Promise<void>>()

  /** Runs work in the background; when it fails, the user is notified. */
  function run(name: string, target: Target | null, task: () => Promise<void>): void {
    const done = (async () => task())()
      .catch(async (error: unknown) => {
        log.error({ reason: errorSummary(error), event: name }, 'Discord event failed')
        if (target) await discord.reply(target, FAILED)
      })
      .finally(() => working.delete(done))
    working.add(done)
  }

  async function respond(interaction: Exclude<Interaction, { type: InteractionType.Ping }>): Promise<{
    first: InitialResponse
    target: Target | null
  }> {
    const actor = actorOf(interaction)
    if (actor === null) return { first: { reply: immediateReply(BOT_DENIED) }, target: null }
    const target = targetOf(interaction, actor.userId)
    if (interaction.type === InteractionType.ApplicationCommandAutocomplete) {
      const allowed = checkAllowList(discord, { actor, scope: scopeOf(actor) }) === null
      return { first: { reply: await onAutocomplete(discord, interaction, allowed ? actor : null) }, target }
    }
    const handled = handle(discord, toPayload(discord, interaction, actor))
    return { first: await initialResponse(handled, isOnEphemeralMessage(interaction)), target }
  }

  /** Responds to an interaction with `send`, and starts its work once that is accepted. */
  async function receive(
    payload: unknown,
    send: (reply: APIInteractionResponse) => Promise<void>,
  ): Promise<void> {
    const interaction = Interaction.parse(payload)
    if (interaction.type === InteractionType.Ping) return send({ type: InteractionResponseType.Pong })
    const { first, target } = await respond(interaction)
    await send(first.reply)
    if (first.work) run(InteractionType[interaction.type], target, first.work)
  }

  return {
    /** An interaction from the gateway. */
    onInteraction(payload: unknown): void {
      run('interaction', null, () =>
        receive(payload, async (reply) => {
          const { id, token } = payload as { id: string; token: string }
          await acknowledge(interactions, { id, token }, reply)
        }),
      )
    },

    /**
     * An interaction over HTTP. The work starts when `send` resolves, so that no follow-up overtakes the response. Throws a
     * ZodError for an invalid payload.
     */
    answerInteraction: receive,

    onMessage(payload: unknown): void {
      run('message', null, async () => {
        const message = await messagePayload(discord, MessageCreate.parse(payload))
        if (message !== null) await onMessage(discord, message)
      })
    },

    onReaction(payload: unknown): void {
      run('reaction', null, async () => {
        const reaction = reactionPayload(discord, payload)
        if (reaction !== null) await onReaction(discord, reaction)
      })
    },

    async idle() {
      while (working.size > 0) await Promise.allSettled(working)
    },
  }
}

async function initialResponse(
  handled: HandlerResult<DiscordDestination>,
  inPlace: boolean,
): Promise<InitialResponse> {
  switch (handled.kind) {
    case 'deny':
      return { reply: immediateReply(handled.reply ?? BOT_DENIED) }
    case 'reply':
      return { reply: immediateReply(handled.reply) }
    case 'form':
      return { reply: { type: InteractionResponseType.Modal, data: modalOf(handled.form) } }
    case 'checked_form': {
      const loaded = await handled.load()
      if ('reply' in loaded) return { reply: immediateReply(loaded.reply) }
      return { reply: { type: InteractionResponseType.Modal, data: modalOf(loaded.form) } }
    }
    case 'settings': {
      const data = settingsModal(handled.view, handled.form)
      return { reply: { type: InteractionResponseType.Modal, data } }
    }
    case 'details':
    case 'work':
      return { reply: inPlace ? deferUpdate : deferReply, work: handled.work }
  }
}

const modalOf = ({ refines, plan, initial }: Form<DiscordDestination>) =>
  plan !== undefined && refines !== null
    ? planModal(refines, plan)
    : refines === null
      ? newBackendModal(initial ?? undefined)
      : refineModal(refines)
