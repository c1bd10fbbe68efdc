import type { Origin } from '#contract'
import { isApproval } from './plan/approval-words.ts'
import { makeReply, privately, text, type Reply } from './reply.ts'
import { parseCommand } from './commands.ts'
import { checkAllowList } from './allow-list.ts'
import { submitRequest } from './submit-request.ts'
import { findThreadJob } from './find-thread-job.ts'
import type { InboundChat } from './inbound-chat.ts'
import { gatherRequest } from './gather-request.ts'
import { intentOf } from './intent.ts'
import { THREAD_UNREADABLE, UNSURE, UNSURE_CHANGE } from './messages.ts'
import type { MessagePayload } from './payloads.ts'
import { holdersAt } from './settings/holders-at.ts'
import { replyDestination } from './reply-destination.ts'

/** Handles a mention, a reply to the bot, or a direct message. */
export async function onMessage<Target, Destination>(
  chat: InboundChat<Target, Destination>,
  message: MessagePayload<Target, Destination>,
): Promise<void> {
  const { jobCommands } = chat
  const { actor, caller, target, thread, files, key, repliedJob } = message
  const say = async (said: Reply | Promise<Reply>) => chat.reply(target, await said)
  const denial = checkAllowList(chat, message)
  if (denial !== null) return denial.reply === null ? undefined : say(denial.reply)

  const command = parseCommand(message.text)
  // An edit may start what the first text did not; it is not answered again.
  if (message.isEdited && command.kind !== 'generate') return
  const jobs =
    message.inThread && thread !== null
      ? await findThreadJob(chat, thread, repliedJob)
      : repliedJob === null
        ? null
        : { newest: repliedJob, toRefine: repliedJob }
  if (jobs === undefined) return say(THREAD_UNREADABLE)
  const about = jobs?.newest ?? null
  const hasMore = files.length > 0 || message.shared.length > 0

  const start = async (words: string) => {
    const refines = jobs?.toRefine ?? null
    const isRefinement = refines !== null
    const gathered = await gatherRequest(chat, message, {
      words,
      isRefinement,
      readsThread: message.inThread && !isRefinement,
    })
    if (gathered.kind === 'reply') return say(gathered.reply)
    const { prompt, file, otherFiles, note } = gathered
    const destination = isRefinement ? thread : message.destination
    const request = { prompt, options: {}, file, otherFiles, refines, destination, key }
    if (!hasMore && !isQuoted(message.text) && intentOf(words) === 'unsure')
      return chat.reply(target, isRefinement ? UNSURE_CHANGE : UNSURE, request)
    return submitRequest(chat, { request, actor, caller, target, via: 'message', note })
  }
  /** Everybody in a thread may see its job. Other jobs, some from direct messages, are for the person who asks. */
  const sayAbout = async (jobId: string | null, said: Promise<Reply>) =>
    say(jobId === null && about !== null ? said : privately(await said))
  // "Approve" starts nothing and changes nothing, whether a plan waits or not.
  if (!hasMore && !isQuoted(message.text) && isApproval(message.text)) {
    const planned = jobs === null ? await jobCommands.waitingPlanOf(caller) : jobs.newest
    if (planned === null) return say(jobCommands.smallTalk())
    const originOf = (origin: Origin) => chat.originOnBehalfOf(origin, actor.userId)
    return say(jobCommands.planCommands.approveNewest(caller, planned, originOf))
  }
  switch (command.kind) {
    case 'form':
      if (hasMore && about === null) return start('')
      return say(about === null ? jobCommands.help() : jobCommands.status(caller, about))
    case 'help':
      return say(about === null ? jobCommands.help() : threadHelp(await jobCommands.status(caller, about)))
    case 'small_talk':
      return say(about === null ? jobCommands.smallTalk() : jobCommands.status(caller, about))
    case 'list':
      return say(privately(await jobCommands.list(caller)))
    case 'settings': {
      const holders = holdersAt(chat, actor.userId, message.destination)
      return say(privately(await jobCommands.settings.show(caller, holders, command.of)))
    }
    case 'status':
      return sayAbout(command.jobId, jobCommands.status(caller, command.jobId ?? about))
    case 'cancel':
      return sayAbout(command.jobId, jobCommands.cancel(caller, command.jobId ?? about))
    case 'retry': {
      const origin = replyDestination(chat, actor.userId, thread)
      return sayAbout(command.jobId, jobCommands.retry(caller, command.jobId ?? about, origin))
    }
    case 'generate':
      return start(command.prompt)
  }
}

/** Quotation marks make anything a description. */
const isQuoted = (said: string) => /^["“'`]/.test(said.trim())

/** Help for the thread of a job, with the job's status. */
function threadHelp({ lines, buttons }: Reply): Reply {
  const intro = text(
    'Describe a change to build the next version in this thread. You can also say ',
    { code: 'status' },
    ', ',
    { code: 'cancel' },
    ' or ',
    { code: 'retry' },
    '.',
  )
  return makeReply([intro, ...lines], buttons)
}
