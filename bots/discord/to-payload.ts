import { ApplicationCommandType, InteractionType, MessageFlags } from 'discord.js'
import { GenerateOptions } from '#contract'
import { answer, text, type Answer } from '../core/reply.ts'
import type { Command } from '../core/commands.ts'
import { answering, type Handled } from '../core/handled.ts'
import { FILE_PROMPT } from '../core/messages.ts'
import type { AttachedFile, Payload } from '../core/payloads.ts'
import type { DiscordInbound } from './inbound.ts'
import { readCustomId } from './custom-id.ts'
import { threadOf, type DiscordDestination } from './destination.ts'
import type { Command as CommandInteraction, Interaction, Press, Submission } from './heard.ts'
import { readForm } from './modal.ts'
import { optionsOf } from './options-of.ts'
import { placeOf, targetOf } from './place.ts'
import type { Target } from './reply.ts'
import { scopeOf, type Who } from './who.ts'

const NO_PLACE = answer([text('Discord did not say where you are. Try again in a channel.')])
const NO_WORDS = answer([
  text('This message has no words and no file that could say what to build. Nothing was started.'),
])
const BAD_NAME = answer([text('A name has 1 to 60 characters. Nothing was started.')])
const UNKNOWN_FORM = answer([text('This form is from another time. Nothing was started: open it anew.')])

type Discord = Payload<Target, DiscordDestination>
type Wish = {
  readonly command: Command
  readonly options: GenerateOptions
  readonly file: AttachedFile | null
}

/** What an interaction says, for the common room. */
export function toPayload(
  discord: DiscordInbound,
  interaction: CommandInteraction | Press | Submission,
  who: Who,
): Discord {
  const place = placeOf(interaction)
  const common = {
    actor: who,
    asker: discord.askerOf(who),
    scope: scopeOf(who),
    target: targetOf(interaction, who.userId),
    thread: threadOf(place),
  }
  const key = `discord:interaction:${interaction.id}`
  const saying = (said: Answer): Discord => ({ ...common, kind: 'own', handle: () => answering(said) })
  switch (interaction.type) {
    case InteractionType.ApplicationCommand: {
      const wish = wishOf(interaction)
      if ('lines' in wish) return saying(wish)
      if (place === null && wish.command.kind === 'generate') return saying(NO_PLACE)
      return { ...common, ...wish, kind: 'command', destination: place, key }
    }
    case InteractionType.MessageComponent: {
      const scope = { ...common.scope, channel: null }
      const read = readCustomId(interaction.data.custom_id)
      const subject = read?.subject ?? ''
      if (read?.name === 'ask_cancel')
        return { ...common, scope, kind: 'own', handle: () => confirmCancel(subject) }
      const kept = discord.keptRequest(subject) ?? null
      // What the bot may do here may have changed since.
      const request = kept && { ...kept, destination: place ?? kept.destination }
      const action = read?.name ?? ''
      return { ...common, scope, kind: 'button', action, jobId: subject, destination: place, request }
    }
    case InteractionType.ModalSubmit: {
      const filled = readForm(interaction)
      if (!filled.ok) return saying(answer([text(filled.why)]))
      const { prompt, options, file } = filled
      const read = readCustomId(interaction.data.custom_id)
      switch (read?.name) {
        case 'new_backend': {
          if (place === null) return saying(NO_PLACE)
          const request = { prompt, options, file, refines: null, destination: place, key }
          return { ...common, kind: 'submit', request }
        }
        case 'refine_backend': {
          const destination = common.thread
          const request = { prompt, options: {}, file: null, refines: read.subject, destination, key }
          return { ...common, kind: 'submit', request }
        }
        default:
          return saying(UNKNOWN_FORM)
      }
    }
  }
}

/** Under an answer that only this person sees, the answer changes; under a card, a new one comes. */
export const isUnderOwnAnswer = (interaction: Interaction): boolean =>
  interaction.type === InteractionType.MessageComponent &&
  (interaction.message.flags & MessageFlags.Ephemeral) !== 0

const confirmCancel = (jobId: string): Handled<DiscordDestination> =>
  answering(
    answer(
      [text('Cancel this job? What was made so far is thrown away.')],
      [{ action: 'cancel_job', jobId }],
    ),
  )

/** `/generate-backend`, `/backend …`, or a message that was chosen from its menu; what is wrong with it, in words. */
function wishOf(interaction: CommandInteraction): Wish | Answer {
  const { data } = interaction
  if (data.type === ApplicationCommandType.Message) {
    const message = data.resolved.messages?.[data.target_id]
    const file = message?.attachments[0] ?? null
    const prompt = message?.content.trim() ?? ''
    if (prompt === '' && file === null) return NO_WORDS
    return { command: { kind: 'generate', prompt: prompt || FILE_PROMPT }, options: {}, file }
  }
  const given = optionsOf(interaction)
  if (data.name === 'backend') {
    const jobId = given.text('job')?.trim() || null
    return { command: subcommand(given.subcommand, jobId), options: {}, file: null }
  }
  const prompt = given.text('prompt')?.trim() ?? ''
  const file = given.file('spec')
  const [name, auth] = [given.text('name'), given.text('auth')]
  const options = GenerateOptions.safeParse({
    ...(name && { name }),
    ...(auth && auth !== 'auto' && { auth }),
  })
  if (!options.success) return BAD_NAME
  if (prompt === '' && file === null) return { command: { kind: 'form' }, options: options.data, file }
  return { command: { kind: 'generate', prompt: prompt || FILE_PROMPT }, options: options.data, file }
}

function subcommand(name: string | null, jobId: string | null): Command {
  switch (name) {
    case 'list':
      return { kind: 'list' }
    case 'status':
    case 'cancel':
    case 'retry':
      return { kind: name, jobId }
    default:
      return { kind: 'help' }
  }
}
