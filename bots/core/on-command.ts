import { submitRequest } from './submit-request.ts'
import { replyWith, runInBackground, type HandlerResult } from './handler-result.ts'
import type { InboundChat } from './inbound-chat.ts'
import { holdersAt } from './settings/holders-at.ts'
import type { CommandPayload } from './payloads.ts'
import { replyDestination } from './reply-destination.ts'

/** Handles a slash command or the platform's equivalent. */
export function onCommand<Target, Destination>(
  chat: InboundChat<Target, Destination>,
  payload: CommandPayload<Target, Destination>,
): HandlerResult<Destination> {
  const { jobCommands } = chat
  const { command, actor, caller, target, options, file, destination, key } = payload
  switch (command.kind) {
    case 'form':
      return { kind: 'form', form: { refines: null, destination, initial: { prompt: '', options } } }
    case 'help':
      return replyWith(jobCommands.help())
    case 'small_talk':
      return replyWith(jobCommands.smallTalk())
    case 'list':
      return runInBackground(async () => chat.reply(target, await jobCommands.list(caller)))
    case 'settings': {
      const holders = holdersAt(chat, actor.userId, destination)
      return runInBackground(async () =>
        chat.reply(target, await jobCommands.settings.show(caller, holders, command.of)),
      )
    }
    case 'status':
      return runInBackground(async () => chat.reply(target, await jobCommands.status(caller, command.jobId)))
    case 'cancel':
      return runInBackground(async () => chat.reply(target, await jobCommands.cancel(caller, command.jobId)))
    case 'retry': {
      const origin = replyDestination(chat, actor.userId, payload.thread)
      return runInBackground(async () =>
        chat.reply(target, await jobCommands.retry(caller, command.jobId, origin)),
      )
    }
    case 'generate': {
      const request = { prompt: command.prompt, options, file, refines: null, destination, key }
      return runInBackground(() => submitRequest(chat, { request, actor, caller, target, via: 'command' }))
    }
  }
}
