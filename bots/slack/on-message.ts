import { answer, text } from '../answer.ts'
import { readCommand } from '../commands.ts'
import type { SlackContext } from './context.ts'
import { Message } from './heard.ts'
import { hereOrThere } from './on-command.ts'
import type { Target } from './reply.ts'
import { typedText } from './text-in.ts'
import { jobsOfThread } from './thread-job.ts'
import { whoOfMessage } from './who.ts'

const UNREADABLE = answer([
  text(
    'This thread cannot be read at the moment, so it is not known whether it is about a job. Nothing was started: try again, or outside of the thread.',
  ),
])
const ONE_FILE = answer([
  text('Attach one file only: an OpenAPI document, or SQL definitions. Nothing was started.'),
])
const NO_FILE = answer([
  text(
    'A next version is made from words alone, so nothing was started. Say what should be different without the file, or mention me outside of this thread to begin a new backend with it.',
  ),
])

/** The bot was mentioned, or written to in its direct conversation. */
export async function onMessage(context: SlackContext, body: unknown): Promise<void> {
  const heard = Message.parse(body)
  const { event } = heard
  const { story, identity, tell, log, web } = context
  // Edits, joins and the like: only words that somebody just wrote are meant for the bot.
  if (event.subtype != null && event.subtype !== 'file_share' && event.subtype !== 'thread_broadcast') return
  const who = whoOfMessage(heard, identity)
  if (who === null) return

  const { userId } = who
  const { channel: channelId, ts, thread_ts: threadTs } = event
  const inThread = threadTs != null && threadTs !== ts
  const target: Target = { userId, channelId, threadTs: inThread ? threadTs : null, responseUrl: null }
  if (!(await context.admits(who, target))) return

  const asker = context.askerOf(userId)
  const command = readCommand(typedText(event.text, identity.userId))
  const jobs = inThread
    ? await jobsOfThread({ web, log, botUserId: identity.userId }, { channelId, ts: threadTs })
    : null
  if (jobs === undefined) return tell(target, UNREADABLE)
  const about = jobs?.newest ?? null
  const here = { channelId, threadTs: threadTs ?? ts }
  const files = event.files ?? []
  const start = async (prompt: string) => {
    if (files.length > 1) return tell(target, ONE_FILE)
    const refines = jobs?.toRefine ?? null
    if (refines !== null && files.length > 0) return tell(target, NO_FILE)
    const file = files[0] ?? null
    const key = `slack:event:${heard.event_id}`
    const request = { prompt, options: {}, fileId: file?.id ?? null, refines, ...here, key }
    await context.ask({ request, file, userId, target, present: true })
  }
  switch (command.kind) {
    case 'form':
      // A file speaks for itself.
      if (files.length > 0 && about === null) return start('The backend that the attached file describes')
      return tell(target, about === null ? story.help() : await story.status(asker, about))
    case 'help':
      return tell(target, about === null ? story.help() : await inThreadOf(context, about))
    case 'list':
      return tell(target, await story.list(asker))
    case 'status':
      return tell(target, await story.status(asker, command.jobId ?? about))
    case 'cancel':
      return tell(target, await story.cancel(asker, command.jobId ?? about))
    case 'retry':
      return tell(
        target,
        await story.retry(asker, command.jobId ?? about, hereOrThere(context, userId, here)),
      )
    case 'generate':
      return start(command.prompt)
  }
}

/** What can be done in the thread of a job, with the job as it is now. */
async function inThreadOf({ story, askerOf, identity }: SlackContext, jobId: string) {
  const { lines, presses } = await story.status(askerOf(identity.userId), jobId)
  const intro = [
    text(
      'Say what should be different, and the next version is made in this thread. Here you can also say ',
      { code: 'status' },
      ', ',
      { code: 'cancel' },
      ' or ',
      { code: 'retry' },
      '.',
    ),
  ]
  return answer([...intro, ...lines], presses)
}
