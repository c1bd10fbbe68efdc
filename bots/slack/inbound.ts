import type { WebClient } from '@slack/web-api'
import type { Logger } from '#lib/log'
import { makeReply, text, type Reply } from '../core/reply.ts'
import type { InboundChat, Queued, ReachResult } from '../core/inbound-chat.ts'
import type { Scope } from '../core/payloads.ts'
import type { Caller } from '../core/permissions.ts'
import type { JobCommands } from '../core/job-commands.ts'
import { toButtonValue } from './button-value.ts'
import type { SlackConfig } from './config.ts'
import type { SlackDestination } from './destination.ts'
import { homeView } from './home.ts'
import { LIMITS } from './limits.ts'
import { makeChannelAccess } from './channel-access.ts'
import { readButtons, readMessages } from './read-thread.ts'
import { errorSummary } from './error-summary.ts'
import { renderReply } from './render-reply.ts'
import { makeReplySender, type Target } from './send-reply.ts'
import { makeAdmins } from './admins.ts'
import { readSpecFile } from './spec-file.ts'
import type { Identity } from './actor.ts'

export type SlackDeps = {
  readonly web: WebClient
  readonly botToken: string
  readonly config: SlackConfig
  readonly jobCommands: JobCommands
  readonly log: Logger
  readonly identity: Identity
}
/** Slack's inbound port, and its Slack-only parts. */
export type SlackInbound = InboundChat<Target, SlackDestination> & {
  readonly web: WebClient
  readonly identity: Identity
  callerOf(userId: string): Caller
  /** Publishes a person's App Home. Failures are logged. */
  showHome(userId: string, notice: Reply | null): Promise<void>
}

/** A channel for the allow-list; null means direct messages. */
export const scopeOfChannel = (channelId: string | null): Scope => ({
  server: null,
  channel: channelId === null || channelId.startsWith('D') ? 'dm' : channelId,
})

/** One workspace. */
export function makeSlackInbound(deps: SlackDeps): SlackInbound {
  const { web, botToken, config, jobCommands, log, identity } = deps
  const admins = makeAdmins({ web, config, log, teamId: identity.teamId })
  const channelAccess = makeChannelAccess({ web, log })
  const sendReply = makeReplySender({ web, log })
  const { teamId, userId: botUserId } = identity

  const callerOf = (userId: string): Caller => ({
    requester: `slack:${teamId}:${userId}`,
    isInSameWorkspace: (origin) => origin.kind === 'slack' && origin.teamId === teamId,
    // Direct messages are their requester's alone.
    mayRefine: (origin) =>
      config.refineBy === 'team' &&
      origin.kind === 'slack' &&
      origin.teamId === teamId &&
      !origin.channelId.startsWith('D'),
    isAdmin: () => admins.isAdmin(userId),
    configureRefusal: (holder) => admins.configureRefusal(userId, holder),
  })

  async function showHome(userId: string, notice: Reply | null): Promise<void> {
    const list = await jobCommands.jobsOf(callerOf(userId)).catch((error: unknown) => {
      log.warn({ reason: errorSummary(error) }, 'failed to load jobs for App Home')
      return null
    })
    try {
      await web.views.publish({ user_id: userId, view: homeView(list, notice) })
    } catch (error) {
      log.warn({ reason: errorSummary(error) }, 'failed to publish App Home')
    }
  }

  async function reach(destination: SlackDestination | null, userId: string): Promise<ReachResult> {
    const channelId = destination?.channelId ?? (await channelAccess.directWith(userId))
    const threadTs = destination?.threadTs ?? null
    if (destination !== null && !destination.joined) {
      switch (await channelAccess.membership(channelId, userId)) {
        case 'outside':
          return { ok: false, reply: notInChannel(botUserId) }
        case 'closed':
          return { ok: false, reply: UNREACHABLE }
        case 'member':
        case 'unknown':
      }
    }
    return { ok: true, origin: { kind: 'slack', teamId, channelId, userId, threadTs } }
  }

  const inbound: SlackInbound = {
    jobCommands,
    log,
    web,
    identity,
    allowList: { users: config.allowedUsers, servers: [], channels: config.allowedChannels },
    formPromptLength: LIMITS.input.maxLength,
    callerOf,
    showHome,
    reach,
    originInThread: ({ channelId, threadTs }, userId) => ({
      kind: 'slack',
      teamId,
      channelId,
      userId,
      threadTs,
    }),
    originOnBehalfOf: (origin, userId) =>
      origin.kind === 'slack' && origin.teamId === teamId ? { ...origin, userId } : null,
    scopeOf: (destination) => scopeOfChannel(destination?.channelId ?? null),
    placeOf: ({ channelId, threadTs }) =>
      threadTs === null ? null : `slack:${teamId}:${channelId}:${threadTs}`,
    readButtons: (thread) => readButtons({ web, botUserId }, thread),
    readMessages: (thread, key) => readMessages({ web, botUserId }, thread, key),
    readSpec: (file, types) => readSpecFile({ web, botToken, apiUrl: config.apiUrl }, file, types),
    errorSummary: errorSummary,

    async reply(target, said, request) {
      if (request === undefined)
        return target.home ? showHome(target.userId, said) : sendReply(target, renderReply(said))
      const buttonValue = said.buttons.length === 0 ? null : toButtonValue(request)
      return sendReply(target, renderReply(said, { buttonValue, prompt: request.prompt }))
    },

    async onQueued({ target, request, via }: Queued<Target, SlackDestination>) {
      switch (via) {
        case 'send_again':
          return inbound.reply(target, QUEUED)
        case 'send_in_dm':
          return inbound.reply(target, QUEUED_IN_DM)
        case 'submit':
          // App Home shows no confirmation by itself.
          if (request.destination !== null || target.responseUrl !== null) return
          return showHome(target.userId, request.refines === null ? QUEUED_FROM_HOME : QUEUED_ELSEWHERE)
        case 'command':
        case 'message':
      }
    },
  }
  return inbound
}

const QUEUED = makeReply([text('Queued.')])
const QUEUED_IN_DM = makeReply([text('Queued. I’ll reply in our direct messages.')])
const QUEUED_FROM_HOME = makeReply([text('Queued. I’ll reply in our direct messages.')])
const QUEUED_ELSEWHERE = makeReply([text('Queued. I’ll reply where the backend was requested.')])

const UNREACHABLE = makeReply(
  [text('I can’t join this conversation. I can work in a direct message with you instead.')],
  [{ action: 'send_in_dm' }],
)
const notInChannel = (botUserId: string) =>
  makeReply(
    [
      text(
        'I’m not in this channel, so I can’t reply here. Invite me with ',
        { code: '/invite' },
        ' ',
        { user: botUserId },
        ' and press “Try again”, or let me reply in a direct message.',
      ),
    ],
    [{ action: 'send_again' }, { action: 'send_in_dm' }],
  )
