import { askForBackend } from './ask.ts'
import { answering, working, type Handled } from './handled.ts'
import type { InboundChat } from './inbound-chat.ts'
import type { CommandPayload } from './payloads.ts'
import { replyDestination } from './reply-destination.ts'

/** A slash command, or what a chat has instead. */
export function onCommand<Target, Destination>(
  chat: InboundChat<Target, Destination>,
  payload: CommandPayload<Target, Destination>,
): Handled<Destination> {
  const { story } = chat
  const { command, actor, asker, target, options, file, destination, key } = payload
  switch (command.kind) {
    case 'form':
      return { kind: 'form', form: { refines: null, destination, filled: { prompt: '', options } } }
    case 'help':
      return answering(story.help())
    case 'list':
      return working(async () => chat.reply(target, await story.list(asker)))
    case 'status':
      return working(async () => chat.reply(target, await story.status(asker, command.jobId)))
    case 'cancel':
      return working(async () => chat.reply(target, await story.cancel(asker, command.jobId)))
    case 'retry': {
      const origin = replyDestination(chat, actor.userId, payload.thread)
      return working(async () => chat.reply(target, await story.retry(asker, command.jobId, origin)))
    }
    case 'generate': {
      const request = { prompt: command.prompt, options, file, refines: null, destination, key }
      return working(() => askForBackend(chat, { request, actor, asker, target, via: 'command' }))
    }
  }
}
