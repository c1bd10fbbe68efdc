import { InteractionResponseType, InteractionType, type APIInteractionResponse } from 'discord.js'
import { answer, text } from '../answer.ts'
import { acknowledge } from './acknowledge.ts'
import type { DiscordContext } from './context.ts'
import { reasonOf } from './errors.ts'
import { HeardMessage, Interaction } from './heard.ts'
import { onAutocomplete } from './on-autocomplete.ts'
import { onCommand, type Handled } from './on-command.ts'
import { onForm } from './on-form.ts'
import { onMessage } from './on-message.ts'
import { onPress } from './on-press.ts'
import { targetOf, whoOf } from './place.ts'
import { atOnce, type Target } from './reply.ts'

const FAILED = answer([
  text(
    'Something went wrong on our side. Try again, and tell whoever runs this app if it stays; the log says what it was.',
  ),
])
const UNHEARD = answer([text('Bots are not heard here.')])

/**
 * Everything that Discord sends, wired to what is done about it. The first answer comes before any work: it has three
 * seconds. `idle` resolves when nothing is being worked on.
 */
export function makeDiscordApp(context: DiscordContext) {
  const { log, interactions } = context
  const working = new Set<Promise<void>>()

  /** Does the work apart from the delivery; whoever waits for an answer hears of it when it fails. */
  function run(name: string, target: Target | null, task: () => Promise<void>): void {
    const done = (async () => task())()
      .catch(async (error: unknown) => {
        log.error({ reason: reasonOf(error), delivery: name }, 'a delivery from Discord could not be handled')
        if (target) await context.tell(target, FAILED)
      })
      .finally(() => working.delete(done))
    working.add(done)
  }

  async function handle(heard: Exclude<Interaction, { type: InteractionType.Ping }>): Promise<{
    handled: Handled
    target: Target | null
  }> {
    const who = whoOf(heard)
    if (who === null) return { handled: { reply: atOnce(UNHEARD) }, target: null }
    const target = targetOf(heard, who.userId)
    const anywhere = heard.type === InteractionType.MessageComponent
    const closed = context.closedTo(who, { anywhere })
    if (heard.type === InteractionType.ApplicationCommandAutocomplete)
      return {
        handled: { reply: await onAutocomplete(context, heard, closed === null ? who : null) },
        target,
      }
    if (closed !== null)
      return { handled: { reply: atOnce(closed.silent ? UNHEARD : closed.answer) }, target }
    switch (heard.type) {
      case InteractionType.ApplicationCommand:
        return { handled: onCommand(context, heard, who, target), target }
      case InteractionType.MessageComponent:
        return { handled: onPress(context, heard, who, target), target }
      case InteractionType.ModalSubmit:
        return { handled: onForm(context, heard, who, target), target }
    }
  }

  /** Answers an interaction with `send`, and goes on with its work once that was taken. */
  async function hear(
    payload: unknown,
    send: (reply: APIInteractionResponse) => Promise<void>,
  ): Promise<void> {
    const heard = Interaction.parse(payload)
    if (heard.type === InteractionType.Ping) return send({ type: InteractionResponseType.Pong })
    const { handled, target } = await handle(heard)
    await send(handled.reply)
    if (handled.work) run(InteractionType[heard.type], target, handled.work)
  }

  return {
    /** An interaction that came over the gateway. */
    onInteraction(payload: unknown): void {
      run('interaction', null, () =>
        hear(payload, async (reply) => {
          const { id, token } = payload as { id: string; token: string }
          await acknowledge(interactions, { id, token }, reply)
        }),
      )
    },

    /** One that came over HTTP; gives the answer for the same exchange. Throws a ZodError for what is no interaction. */
    async answerInteraction(payload: unknown): Promise<APIInteractionResponse> {
      const answered = Promise.withResolvers<APIInteractionResponse>()
      const done = hear(payload, async (reply) => answered.resolve(reply))
      done.catch(answered.reject)
      return answered.promise
    },

    onMessage(payload: unknown): void {
      run('message', null, () => onMessage(context, HeardMessage.parse(payload)))
    },

    async idle() {
      while (working.size > 0) await Promise.allSettled(working)
    },
  }
}
