import { holdersOf, type Origin } from '#contract'
import type { Reply, Piece } from '../core/reply.ts'
import { pageSubject, readPageSubject } from '../core/details/pages.ts'
import { makeApiClient } from '../api-client.ts'
import { parseCommand } from '../core/commands.ts'
import type { Caller } from '../core/permissions.ts'
import { outdatedReply } from '../core/job-messages.ts'
import { makeJobCommands } from '../core/job-commands.ts'
import type { Person } from './chat-contract.ts'
import type { RefiningChat } from './refine-contract.ts'
import { scriptedApi, type ApiStep } from './scripted-api.ts'

const USERS = { requester: 'U1', stranger: 'U2', admin: 'U9' } as const

/** Nothing listens there: systems never assign this port automatically. */
export const NOBODY = 'http://127.0.0.1:2'

/** The smallest chat for the contract: no platform, no rendering. */
export async function openScriptedChat(
  steps: readonly ApiStep[] | 'unreachable',
  { teamRefines = false } = {},
): Promise<RefiningChat> {
  const api = steps === 'unreachable' ? null : await scriptedApi(steps)
  const jobCommands = makeJobCommands({
    api: makeApiClient({ baseUrl: api?.url ?? NOBODY }),
    displayNames: { person: (requester) => requester, admins: ['admin'] },
    examples: {
      generate: 'generate',
      form: 'form',
      list: 'list',
      status: 'status',
      cancel: 'cancel',
      retry: 'retry',
      settings: 'settings',
      notes: ['Put a description in quotation marks.'],
    },
    planMode: 'never',
    sleep: async () => {},
  })
  const replies: Reply[] = []
  let deliveries = 0
  let read = 0
  const originOf = (by: Person): Origin => ({
    kind: 'slack',
    teamId: 'T1',
    channelId: 'C1',
    userId: USERS[by],
    threadTs: null,
  })
  const callerOf = (by: Person): Caller => ({
    requester: `slack:T1:${USERS[by]}`,
    isInSameWorkspace: (origin) => origin.kind === 'slack' && origin.teamId === 'T1',
    mayRefine: () => teamRefines,
    isAdmin: async () => by === 'admin',
    configureRefusal: async () =>
      by === 'admin' ? null : 'Only admins can change the settings of this channel.',
  })

  return {
    originOf,
    originElsewhere: () => ({
      kind: 'slack',
      teamId: 'T2',
      channelId: 'C7',
      userId: 'U7',
      threadTs: null,
    }),
    requesterName: 'slack:T1:U1',
    async command(text, { by = 'requester', delivery = String(++deliveries) } = {}) {
      const command = parseCommand(text)
      const caller = callerOf(by)
      switch (command.kind) {
        case 'form':
        case 'help':
          return void replies.push(jobCommands.help())
        case 'small_talk':
          return void replies.push(jobCommands.smallTalk())
        case 'settings': {
          const holders = holdersOf(originOf(by))
          return void replies.push(await jobCommands.settings.show(caller, holders, command.of))
        }
        case 'list':
          return void replies.push(await jobCommands.list(caller))
        case 'status':
          return void replies.push(await jobCommands.status(caller, command.jobId))
        case 'cancel':
          return void replies.push(await jobCommands.cancel(caller, command.jobId))
        case 'retry':
          return void replies.push(await jobCommands.retry(caller, command.jobId, (origin) => origin))
        case 'generate': {
          const asked = await jobCommands.generate({ prompt: command.prompt, origin: originOf(by) }, delivery)
          if (asked.kind !== 'refused') return
          const lead = { as: 'text' as const, text: ['Your backend could not be queued.'] }
          replies.push({
            lines: [lead, ...asked.reply.lines],
            buttons: asked.help === 'retry' ? [{ action: 'send_again' }] : [],
          })
        }
      }
    },
    async press(action, jobId, by = 'requester') {
      if (action === 'job_details' || action === 'next_page' || action === 'previous_page') {
        const asked = readPageSubject(jobId)
        replies.push(await jobCommands.details(callerOf(by), asked.jobId, asked.page))
      }
      if (action === 'cancel_job') replies.push(await jobCommands.cancel(callerOf(by), jobId))
      if (action === 'retry_job')
        replies.push(await jobCommands.retry(callerOf(by), jobId, (origin) => origin))
    },
    async refine(jobId, prompt, { by = 'requester', delivery = String(++deliveries) } = {}) {
      const asked = await jobCommands.refine({
        caller: callerOf(by),
        id: jobId,
        prompt,
        base: 'ask',
        idempotencyKey: delivery,
        resolveOrigin: () => originOf(by),
      })
      switch (asked.kind) {
        case 'queued':
          return
        case 'noted':
          return void replies.push(asked.reply)
        case 'outdated':
          return void replies.push(outdatedReply(asked.asked, asked.newest))
        case 'refused':
          return void replies.push({
            ...asked.reply,
            buttons: asked.help === 'retry' ? [{ action: 'send_again' }] : [],
          })
      }
    },
    async nextReply() {
      const answer = replies[read++]
      if (!answer) throw new Error('there is no further reply')
      return {
        text: answer.lines.map(({ text }) => text.map(wordOf).join('')).join('\n'),
        buttons: answer.buttons.map((press) => ({
          action: press.action,
          jobId: 'page' in press ? pageSubject(press) : 'jobId' in press ? press.jobId : '',
        })),
      }
    },
    countReplies: async () => replies.length,
    [Symbol.asyncDispose]: async () => api?.[Symbol.asyncDispose](),
  }
}

const wordOf = (piece: Piece): string => (typeof piece === 'string' ? piece : Object.values(piece)[0]!)
