import { ApplicationCommandType, InteractionResponseType, type APIInteractionResponse } from 'discord.js'
import { GenerateOptions } from '#contract'
import { answer, text } from '../answer.ts'
import type { DiscordContext } from './context.ts'
import type { Command, HeardFile } from './heard.ts'
import { newBackendModal } from './modal.ts'
import { later, atOnce, type Target } from './reply.ts'
import { placeOf } from './place.ts'
import { hereOrThere } from './here-or-there.ts'
import type { DiscordRequest } from './request.ts'
import type { Who } from './who.ts'

/** What is answered within three seconds, and what is done after that. */
export type Handled = {
  readonly reply: APIInteractionResponse
  readonly work?: () => Promise<void>
}

const NO_PLACE = answer([text('Discord did not say where you are. Try again in a channel.')])
const NO_WORDS = answer([
  text('This message has no words and no file that could say what to build. Nothing was started.'),
])

/** `/generate-backend`, `/backend …`, or a message that was chosen from its menu. */
export function onCommand(context: DiscordContext, heard: Command, who: Who, target: Target): Handled {
  const { data } = heard
  switch (data.type) {
    case ApplicationCommandType.Message: {
      const message = data.resolved.messages?.[data.target_id]
      const files = message?.attachments ?? []
      const prompt = message?.content.trim() ?? ''
      if (prompt === '' && files.length === 0) return { reply: atOnce(NO_WORDS) }
      const words = prompt === '' ? 'The backend that the attached file describes' : prompt
      return start(context, heard, who, target, { prompt: words, options: {}, file: files[0] ?? null })
    }
    case ApplicationCommandType.ChatInput:
      return data.name === 'backend'
        ? subcommand(context, heard, who, target)
        : generate(context, heard, who, target)
  }
}

function generate(context: DiscordContext, heard: Command, who: Who, target: Target): Handled {
  const given = optionsOf(heard)
  const prompt = given.text('prompt')?.trim() ?? ''
  const file = given.file('spec')
  const options = GenerateOptions.safeParse({
    ...(given.text('name') && { name: given.text('name') }),
    ...(given.text('auth') && given.text('auth') !== 'auto' && { auth: given.text('auth') }),
  })
  if (!options.success)
    return { reply: atOnce(answer([text('A name has 1 to 60 characters. Nothing was started.')])) }
  if (prompt === '' && file === null)
    return {
      reply: {
        type: InteractionResponseType.Modal,
        data: newBackendModal({ prompt: '', options: options.data }),
      },
    }
  // A file speaks for itself.
  const words = prompt === '' ? 'The backend that the attached file describes' : prompt
  return start(context, heard, who, target, { prompt: words, options: options.data, file })
}

export function start(
  context: DiscordContext,
  heard: Parameters<typeof placeOf>[0],
  who: Who,
  target: Target,
  wanted: Pick<DiscordRequest, 'prompt' | 'options' | 'file'>,
): Handled {
  const place = placeOf(heard)
  if (place === null) return { reply: atOnce(NO_PLACE) }
  const request = { ...wanted, place, key: `discord:interaction:${heard.id}` }
  return { reply: later, work: () => context.ask({ request, userId: who.userId, target }) }
}

function subcommand(context: DiscordContext, heard: Command, who: Who, target: Target): Handled {
  const { story, tell } = context
  const asker = context.askerOf(who)
  const given = optionsOf(heard)
  const id = given.text('job')?.trim() || null
  switch (given.subcommand) {
    case 'list':
      return { reply: later, work: async () => tell(target, await story.list(asker)) }
    case 'status':
      return { reply: later, work: async () => tell(target, await story.status(asker, id)) }
    case 'cancel':
      return { reply: later, work: async () => tell(target, await story.cancel(asker, id)) }
    case 'retry':
      return {
        reply: later,
        work: async () => tell(target, await story.retry(asker, id, hereOrThere(who.userId, placeOf(heard)))),
      }
    default:
      return { reply: atOnce(story.help()) }
  }
}

/** The options of a command, and of its subcommand. */
export function optionsOf({ data }: { data: Command['data'] }) {
  const top = 'options' in data ? data.options : []
  const sub = top.find(({ options }) => options !== undefined || (top.length === 1 && isWord(top[0])))
  const options = sub?.options ?? top
  const find = (name: string) => options.find((option) => option.name === name)?.value
  return {
    subcommand: sub?.name ?? null,
    /** The option in which somebody types. */
    focused: options.find(({ focused }) => focused)?.value ?? null,
    text(name: string): string | null {
      const value = find(name)
      return typeof value === 'string' ? value : null
    },
    file(name: string): HeardFile | null {
      const id = find(name)
      return typeof id === 'string' ? (data.resolved.attachments?.[id] ?? null) : null
    },
  }
}

/** A subcommand without options of its own has neither value nor options. */
const isWord = (option: { value?: unknown } | undefined) => option !== undefined && option.value === undefined
