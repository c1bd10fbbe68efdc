import { answer, text, type Answer } from './reply.ts'
import { readCommand } from './commands.ts'
import { denied } from './allow-list.ts'
import { askForBackend } from './ask.ts'
import { findThreadJob } from './find-thread-job.ts'
import type { InboundChat } from './inbound-chat.ts'
import { FILE_PROMPT, NO_FILE, ONE_FILE, UNREADABLE } from './messages.ts'
import type { MessagePayload } from './payloads.ts'
import { replyDestination } from './reply-destination.ts'

/** The bot was mentioned, answered, or written to in its direct conversation. */
export async function onMessage<Target, Destination>(
  chat: InboundChat<Target, Destination>,
  message: MessagePayload<Target, Destination>,
): Promise<void> {
  const { story } = chat
  const { actor, asker, target, thread, files, key, repliedJob } = message
  const say = async (said: Answer | Promise<Answer>) => chat.reply(target, await said)
  const denial = denied(chat, message)
  if (denial !== null) return denial.answer === null ? undefined : say(denial.answer)

  const command = readCommand(message.text)
  const jobs =
    repliedJob !== null
      ? { newest: repliedJob, toRefine: repliedJob }
      : message.inThread && thread !== null
        ? await findThreadJob(chat, thread)
        : null
  if (jobs === undefined) return say(UNREADABLE)
  const about = jobs?.newest ?? null

  const start = async (prompt: string) => {
    if (files.length > 1) return say(ONE_FILE)
    const refines = jobs?.toRefine ?? null
    if (refines !== null && files.length > 0) return say(NO_FILE)
    const destination = refines === null ? message.destination : thread
    const request = { prompt, options: {}, file: files[0] ?? null, refines, destination, key }
    return askForBackend(chat, { request, actor, asker, target, via: 'message' })
  }
  switch (command.kind) {
    case 'form':
      if (files.length > 0 && about === null) return start(FILE_PROMPT)
      return say(about === null ? story.help() : story.status(asker, about))
    case 'help':
      return say(about === null ? story.help() : threadHelp(await story.status(asker, about)))
    case 'list':
      return say(story.list(asker))
    case 'status':
      return say(story.status(asker, command.jobId ?? about))
    case 'cancel':
      return say(story.cancel(asker, command.jobId ?? about))
    case 'retry': {
      const origin = replyDestination(chat, actor.userId, thread)
      return say(story.retry(asker, command.jobId ?? about, origin))
    }
    case 'generate':
      return start(command.prompt)
  }
}

/** What can be done in the thread of a job, with the job as it is now. */
function threadHelp({ lines, presses }: Answer): Answer {
  const intro = text(
    'Say what should be different, and the next version is made in this thread. Here you can also say ',
    { code: 'status' },
    ', ',
    { code: 'cancel' },
    ' or ',
    { code: 'retry' },
    '.',
  )
  return answer([intro, ...lines], presses)
}
