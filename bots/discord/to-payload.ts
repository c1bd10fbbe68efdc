import { ApplicationCommandType, InteractionType, MessageFlags } from 'discord.js'
import { GenerateOptions, HOLDER_KINDS } from '#contract'
import { makeReply, text, type Reply } from '../core/reply.ts'
import type { Command } from '../core/commands.ts'
import { replyWith, runInBackground, type HandlerResult } from '../core/handler-result.ts'
import { FILE_PROMPT, NOTHING_IN_MESSAGE } from '../core/messages.ts'
import type { AttachedFile, Payload } from '../core/payloads.ts'
import type { DiscordInbound } from './inbound.ts'
import { readCustomId } from './custom-id.ts'
import { threadDestination, type DiscordDestination } from './destination.ts'
import type { CommandInteraction, Interaction, ComponentInteraction, ModalSubmission } from './payloads.ts'
import { readForm } from './modal.ts'
import { readPlanSubject } from '../core/plan/plan-subject.ts'
import { readPlanSubmission } from './plan-modal.ts'
import { SETTINGS_FORMS } from '../core/settings/settings-form.ts'
import { readSettingsForm } from './settings-modal.ts'
import { commandOptions } from './command-options.ts'
import { destinationOf, targetOf } from './interaction-context.ts'
import type { Target } from './reply.ts'
import { scopeOf, type DiscordActor } from './actor.ts'

const UNKNOWN_CHANNEL = makeReply([text('Discord didn’t say which channel this is. Try again in a channel.')])
const INVALID_NAME = makeReply([text('A project name has 1 to 60 characters. Nothing was started.')])
const NOTHING_TO_CHANGE = makeReply([
  text(
    'This is what the plan has already, so nothing changed. Press Change again and say what to change, or approve it.',
  ),
])
const UNKNOWN_FORM = makeReply([text('This form has expired. Nothing was started. Open it again.')])

type Discord = Payload<Target, DiscordDestination>
type CommandRequest = {
  readonly command: Command
  readonly options: GenerateOptions
  readonly file: AttachedFile | null
}

/** Converts an interaction to the platform-neutral payload. */
export function toPayload(
  discord: DiscordInbound,
  interaction: CommandInteraction | ComponentInteraction | ModalSubmission,
  actor: DiscordActor,
): Discord {
  const destination = destinationOf(interaction)
  const common = {
    actor,
    caller: discord.callerOf(actor),
    scope: scopeOf(actor),
    target: targetOf(interaction, actor.userId),
    thread: threadDestination(destination),
  }
  const key = `discord:interaction:${interaction.id}`
  const toReply = (reply: Reply): Discord => ({ ...common, kind: 'platform', handle: () => replyWith(reply) })
  switch (interaction.type) {
    case InteractionType.ApplicationCommand: {
      const parsed = readCommand(interaction)
      if ('lines' in parsed) return toReply(parsed)
      if (destination === null && parsed.command.kind === 'generate') return toReply(UNKNOWN_CHANNEL)
      return { ...common, ...parsed, kind: 'command', destination, key }
    }
    case InteractionType.MessageComponent: {
      const scope = { ...common.scope, channel: null }
      const read = readCustomId(interaction.data.custom_id)
      const subject = read?.subject ?? ''
      if (read?.name === 'ask_cancel')
        return { ...common, scope, kind: 'platform', handle: () => confirmCancel(subject) }
      const saved = discord.savedRequest(subject) ?? null
      // The bot's permissions here may have changed since.
      const request = saved && { ...saved, destination: destination ?? saved.destination }
      const action = read?.name ?? ''
      return { ...common, scope, kind: 'button', action, jobId: subject, destination, request }
    }
    case InteractionType.ModalSubmit: {
      const read = readCustomId(interaction.data.custom_id)
      if (read?.name === 'plan_changes') {
        const subject = readPlanSubject(read.subject)
        const change = readPlanSubmission(interaction)
        if (subject === null) return toReply(UNKNOWN_FORM)
        if (change === null) return toReply(NOTHING_TO_CHANGE)
        return { ...common, kind: 'plan', ...subject, change, key }
      }
      const settings = readSettingsSubmission(interaction)
      if (settings !== undefined) {
        if (settings === null) return toReply(UNKNOWN_FORM)
        if (!settings.ok)
          return toReply(
            makeReply([...Object.values(settings.errors), 'Nothing was changed.'].map((line) => text(line))),
          )
        const { holder, changes } = settings
        const { target, caller } = common
        const change = async () =>
          discord.reply(target, await discord.jobCommands.settings.change(caller, { holder, changes }))
        return { ...common, kind: 'platform', handle: () => runInBackground(change) }
      }
      const form = readForm(interaction)
      if (!form.ok) return toReply(makeReply([text(form.message)]))
      const { prompt, options, file } = form
      switch (read?.name) {
        case 'new_backend': {
          if (destination === null) return toReply(UNKNOWN_CHANNEL)
          const request = { prompt, options, file, refines: null, destination, key }
          return { ...common, kind: 'submit', request }
        }
        case 'refine_backend': {
          const refines = read.subject
          const request = { prompt, options: {}, file: null, refines, destination: common.thread, key }
          return { ...common, kind: 'submit', request }
        }
        default:
          return toReply(UNKNOWN_FORM)
      }
    }
  }
}

/** Undefined for other forms. */
function readSettingsSubmission(interaction: ModalSubmission) {
  const read = readCustomId(interaction.data.custom_id)
  const form = SETTINGS_FORMS.find((one) => one === read?.name)
  return read && form && readSettingsForm(interaction, { form, holder: read.subject })
}

/** Whether a button is on an ephemeral message: that message is then updated, instead of posting a new one. */
export const isOnEphemeralMessage = (interaction: Interaction): boolean =>
  interaction.type === InteractionType.MessageComponent &&
  (interaction.message.flags & MessageFlags.Ephemeral) !== 0

const confirmCancel = (jobId: string): HandlerResult<DiscordDestination> =>
  replyWith(makeReply([text('Cancel this job? Progress will be lost.')], [{ action: 'cancel_job', jobId }]))

/** Reads `/generate-backend`, `/backend …` or the message command. A `Reply` explains what is wrong with it. */
function readCommand(interaction: CommandInteraction): CommandRequest | Reply {
  const { data } = interaction
  if (data.type === ApplicationCommandType.Message) {
    const message = data.resolved.messages?.[data.target_id]
    const file = message?.attachments[0] ?? null
    const prompt = message?.content.trim() ?? ''
    if (prompt === '' && file === null) return NOTHING_IN_MESSAGE
    return { command: { kind: 'generate', prompt: prompt || FILE_PROMPT }, options: {}, file }
  }
  const given = commandOptions(interaction)
  if (data.name === 'backend') {
    const jobId = given.text('job')?.trim() || null
    return { command: subcommand(given.subcommand, jobId, given.text('for')), options: {}, file: null }
  }
  const prompt = given.text('prompt')?.trim() ?? ''
  const file = given.file('spec')
  const [name, auth, plan] = [given.text('name'), given.text('auth'), given.text('plan')]
  const options = GenerateOptions.safeParse({
    ...(name && { name }),
    ...(auth && auth !== 'auto' && { auth }),
    ...(plan && { plan }),
  })
  if (!options.success) return INVALID_NAME
  if (prompt === '' && file === null) return { command: { kind: 'form' }, options: options.data, file }
  return { command: { kind: 'generate', prompt: prompt || FILE_PROMPT }, options: options.data, file }
}

function subcommand(name: string | null, jobId: string | null, of: string | null): Command {
  switch (name) {
    case 'settings':
      return { kind: 'settings', of: HOLDER_KINDS.find((kind) => kind === of) ?? 'channel' }
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
