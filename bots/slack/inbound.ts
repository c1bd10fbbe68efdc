import type { WebClient } from '@slack/web-api'
import type { Logger } from '#lib/log'
import { answer, text, type Answer } from '../core/reply.ts'
import type { InboundChat, Queued, Reach } from '../core/inbound-chat.ts'
import type { Scope } from '../core/payloads.ts'
import type { Asker } from '../core/permissions.ts'
import type { Story } from '../core/job-commands.ts'
import { toButtonValue } from './button-payload.ts'
import type { SlackConfig } from './config.ts'
import type { SlackDestination } from './destination.ts'
import { homeView } from './home.ts'
import { LIMITS } from './limits.ts'
import { makePlaces } from './place.ts'
import { readThread } from './read-thread.ts'
import { reasonOf } from './reason.ts'
import { renderAnswer } from './render-answer.ts'
import { makeReply, type Target } from './reply.ts'
import { makeRights } from './rights.ts'
import { readSpecFile } from './spec-file.ts'
import type { Identity } from './who.ts'

export type SlackDeps = {
  readonly web: WebClient
  readonly botToken: string
  readonly config: SlackConfig
  readonly story: Story
  readonly log: Logger
  readonly identity: Identity
}
/** Slack for the common room, and what only Slack has. */
export type SlackInbound = InboundChat<Target, SlackDestination> & {
  readonly web: WebClient
  readonly identity: Identity
  askerOf(userId: string): Asker
  /** Shows a person their Home as it is now; a Slack that does not take it is logged. */
  showHome(userId: string, notice: Answer | null): Promise<void>
}

/** A channel as the allow-list counts it; null is the direct conversation. */
export const scopeOfChannel = (channelId: string | null): Scope => ({
  server: null,
  channel: channelId === null || channelId.startsWith('D') ? 'dm' : channelId,
})

/** One workspace. */
export function makeSlackInbound(deps: SlackDeps): SlackInbound {
  const { web, botToken, config, story, log, identity } = deps
  const rights = makeRights({ web, config, log })
  const places = makePlaces({ web, log })
  const sendPrivately = makeReply({ web, log })
  const { teamId, userId: botUserId } = identity

  const askerOf = (userId: string): Asker => ({
    requester: `slack:${teamId}:${userId}`,
    sees: (origin) => origin.kind === 'slack' && origin.teamId === teamId,
    isAdmin: () => rights.isAdmin(userId),
  })

  async function showHome(userId: string, notice: Answer | null): Promise<void> {
    const list = await story.jobsOf(askerOf(userId)).catch((error: unknown) => {
      log.warn({ reason: reasonOf(error) }, 'the jobs of a Home cannot be read')
      return null
    })
    try {
      await web.views.publish({ user_id: userId, view: homeView(list, notice) })
    } catch (error) {
      log.warn({ reason: reasonOf(error) }, 'a Home cannot be shown')
    }
  }

  async function reach(destination: SlackDestination | null, userId: string): Promise<Reach> {
    const channelId = destination?.channelId ?? (await places.directWith(userId))
    const threadTs = destination?.threadTs ?? null
    if (destination !== null && !destination.present) {
      switch (await places.presence(channelId, userId)) {
        case 'outside':
          return { ok: false, answer: outside(botUserId) }
        case 'closed':
          return { ok: false, answer: CLOSED }
        case 'member':
        case 'unknown':
      }
    }
    return { ok: true, origin: { kind: 'slack', teamId, channelId, userId, threadTs } }
  }

  const inbound: SlackInbound = {
    story,
    log,
    web,
    identity,
    allowList: { users: config.allowedUsers, servers: [], channels: config.allowedChannels },
    formPromptLength: LIMITS.input.maxLength,
    askerOf,
    showHome,
    reach,
    originIn: ({ channelId, threadTs }, userId) => ({ kind: 'slack', teamId, channelId, userId, threadTs }),
    originAgain: (origin, userId) =>
      origin.kind === 'slack' && origin.teamId === teamId ? { ...origin, userId } : null,
    scopeOf: (destination) => scopeOfChannel(destination?.channelId ?? null),
    readThread: (thread) => readThread({ web, botUserId }, thread),
    readSpec: (file) => readSpecFile({ web, botToken, apiUrl: config.apiUrl }, file),
    errorSummary: reasonOf,

    async reply(target, said, request) {
      if (request === undefined)
        return target.home ? showHome(target.userId, said) : sendPrivately(target, renderAnswer(said))
      const carried = said.presses.length === 0 ? null : toButtonValue(request)
      return sendPrivately(target, renderAnswer(said, { carried, prompt: request.prompt }))
    },

    async onQueued({ target, request, via }: Queued<Target, SlackDestination>) {
      switch (via) {
        case 'send_again':
          return inbound.reply(target, QUEUED)
        case 'send_in_dm':
          return inbound.reply(target, QUEUED_IN_DM)
        case 'submit':
          // Home says nothing by itself.
          if (request.destination !== null || target.responseUrl !== null) return
          return showHome(target.userId, request.refines === null ? QUEUED_FROM_HOME : QUEUED_ELSEWHERE)
        case 'command':
        case 'message':
      }
    },
  }
  return inbound
}

const QUEUED = answer([text('Queued.')])
const QUEUED_IN_DM = answer([text('Queued. I will answer in our direct messages.')])
const QUEUED_FROM_HOME = answer([text('Queued. I answer in our direct messages.')])
const QUEUED_ELSEWHERE = answer([text('Queued. I answer where the backend was asked for.')])

const CLOSED = answer(
  [text('I cannot be in this conversation. I can work in a direct message between us instead.')],
  [{ action: 'send_in_dm' }],
)
const outside = (botUserId: string) =>
  answer(
    [
      text(
        'I am not in this channel, so I could not answer here. Invite me with ',
        { code: '/invite' },
        ' ',
        { user: botUserId },
        ' and press “Try again”, or let me answer in a direct message.',
      ),
    ],
    [{ action: 'send_again' }, { action: 'send_in_dm' }],
  )
