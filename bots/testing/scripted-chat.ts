import type { Origin } from '#contract'
import type { Reply, Piece } from '../core/reply.ts'
import { makeApiClient } from '../api-client.ts'
import { parseCommand } from '../core/commands.ts'
import type { Caller } from '../core/permissions.ts'
import { makeJobCommands } from '../core/job-commands.ts'
import type { Person } from './chat-contract.ts'
import type { RefiningChat } from './refine-contract.ts'
import { scriptedApi, type ApiStep } from './scripted-api.ts'

const USERS = { requester: 'U1', stranger: 'U2', admin: 'U9' } as const

/** Nobody listens there, nor will another test: it is no port that systems give out by themselves. */
export const NOBODY = 'http://127.0.0.1:2'

/** The smallest chat that tells the story: no platform, no rendering. */
export async function openScriptedChat(steps: readonly ApiStep[] | 'unreachable'): Promise<RefiningChat> {
  const api = steps === 'unreachable' ? null : await scriptedApi(steps)
  const story = makeJobCommands({
    api: makeApiClient({ baseUrl: api?.url ?? NOBODY }),
    displayNames: { person: (requester) => requester, admins: ['admin'] },
    sleep: async () => {},
  })
  const told: Reply[] = []
  let heard = 0
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
    isAdmin: async () => by === 'admin',
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
    async command(text, { by = 'requester', delivery = String(++heard) } = {}) {
      const command = parseCommand(text)
      const caller = callerOf(by)
      switch (command.kind) {
        case 'form':
        case 'help':
          return void told.push(story.help())
        case 'list':
          return void told.push(await story.list(caller))
        case 'status':
          return void told.push(await story.status(caller, command.jobId))
        case 'cancel':
          return void told.push(await story.cancel(caller, command.jobId))
        case 'retry':
          return void told.push(await story.retry(caller, command.jobId, (origin) => origin))
        case 'generate': {
          const asked = await story.generate({ prompt: command.prompt, origin: originOf(by) }, delivery)
          if (asked.kind === 'queued') return
          const lead = { as: 'text' as const, text: ['Your backend could not be queued.'] }
          told.push({
            lines: [lead, ...asked.reply.lines],
            buttons: asked.retry ? [{ action: 'send_again' }] : [],
          })
        }
      }
    },
    async press(action, jobId, by = 'requester') {
      if (action === 'job_details') told.push(await story.details(callerOf(by), jobId))
      if (action === 'cancel_job') told.push(await story.cancel(callerOf(by), jobId))
      if (action === 'retry_job') told.push(await story.retry(callerOf(by), jobId, (origin) => origin))
    },
    async refine(jobId, prompt, { by = 'requester', delivery = String(++heard) } = {}) {
      const asked = await story.refine(callerOf(by), jobId, prompt, delivery, () => originOf(by))
      if (asked.kind === 'refused')
        told.push({ ...asked.reply, buttons: asked.retry ? [{ action: 'send_again' }] : [] })
    },
    async nextReply() {
      const answer = told[read++]
      if (!answer) throw new Error('nobody was told anything')
      return {
        text: answer.lines.map(({ text }) => text.map(wordOf).join('')).join('\n'),
        buttons: answer.buttons.map((press) => ({
          action: press.action,
          jobId: 'jobId' in press ? press.jobId : '',
        })),
      }
    },
    countReplies: async () => told.length,
    [Symbol.asyncDispose]: async () => api?.[Symbol.asyncDispose](),
  }
}

const wordOf = (piece: Piece): string => (typeof piece === 'string' ? piece : Object.values(piece)[0]!)
