import type { REST } from 'discord.js'
import type { Origin } from '#contract'
import type { Logger } from '#lib/log'
import { makeReply, text, type Reply } from '../core/reply.ts'
import type { InboundChat, Queued, ReachResult } from '../core/inbound-chat.ts'
import type { BackendRequest } from '../core/payloads.ts'
import { makeTtlCache } from '../core/ttl-cache.ts'
import type { Caller } from '../core/permissions.ts'
import type { JobCommands } from '../core/job-commands.ts'
import type { DiscordConfig } from './config.ts'
import type { DiscordDestination } from './destination.ts'
import { openDm } from './open-dm.ts'
import { errorSummary } from './errors.ts'
import { LIMITS } from './limits.ts'
import { missingPermissions } from './required-permissions.ts'
import { readButtons, readMessages } from './read-thread.ts'
import { makeReplySender, type Target } from './reply.ts'
import { readSpecFile } from './spec-file.ts'
import { callerOf, type DiscordActor } from './actor.ts'

/** The app's identity in Discord. */
export type Identity = {
  readonly applicationId: string
  readonly userId: string
  readonly name: string
}

export type DiscordDeps = {
  readonly rest: REST
  /** For interaction responses, which have rate limits of their own. Without the bot token. */
  readonly interactions: REST
  readonly config: DiscordConfig
  readonly jobCommands: JobCommands
  readonly log: Logger
  readonly identity: Identity
}
/** Discord's implementation of the shared inbound chat, plus what only Discord has. */
export type DiscordInbound = InboundChat<Target, DiscordDestination> & {
  readonly rest: REST
  readonly interactions: REST
  readonly identity: Identity
  callerOf(actor: DiscordActor): Caller
  /** The request behind the buttons of a refusal; undefined once they have expired. */
  savedRequest(key: string): BackendRequest<DiscordDestination> | undefined
}

/** Refused requests, kept for the buttons that send them again. Those buttons expire with the interaction. */
const MAX_SAVED_REQUESTS = 1_000

export function makeDiscordInbound(deps: DiscordDeps): DiscordInbound {
  const { rest, interactions, config, jobCommands, log, identity } = deps
  const { send, clear } = makeReplySender({ rest, interactions, log })
  const savedRequests = makeTtlCache<BackendRequest<DiscordDestination>>({
    ttlMs: LIMITS.interaction.tokenMs,
    max: MAX_SAVED_REQUESTS,
  })

  async function reach(destination: DiscordDestination | null, userId: string): Promise<ReachResult> {
    const refusal = destination && permissionRefusal(destination, config.threads)
    if (refusal) return { ok: false, reply: refusal }
    if (destination?.installed) return { ok: true, origin: originIn(destination, userId) }
    const channelId = await openDm(rest, userId)
    if (channelId === null) return { ok: false, reply: dmClosed(destination) }
    const noServer = { guildId: null, threadId: null, uploadLimit: null }
    return { ok: true, origin: { kind: 'discord', channelId, userId, ...noServer } }
  }

  async function onQueued({ target, request, jobId }: Queued<Target, DiscordDestination>): Promise<void> {
    const { destination, refines } = request
    if (refines !== null || destination?.installed) return clear(target)
    const reason = destination === null ? '' : ' I’m not installed on this server, so I can’t post here.'
    return send(
      target,
      makeReply(
        [text(`Queued.${reason} I’ll send the card and the archive in our direct messages.`)],
        [{ action: 'job_details', jobId }],
      ),
    )
  }

  return {
    jobCommands,
    log,
    rest,
    interactions,
    identity,
    allowList: {
      users: config.allowedUsers,
      servers: config.allowedGuilds,
      channels: config.allowedChannels,
    },
    formPromptLength: LIMITS.modal.textInput,
    callerOf: (actor) => callerOf(actor, config),
    savedRequest: (key) => savedRequests.get(key),
    reach,
    originInThread: originIn,
    originOnBehalfOf: (origin, userId) => (origin.kind === 'discord' ? { ...origin, userId } : null),
    // The button's own scope was checked on the click, and its channel when the request was made.
    scopeOf: () => ({ server: null, channel: null }),
    placeOf: ({ threadId }) => (threadId === null ? null : `discord:${threadId}`),
    readButtons: (thread) => readButtons({ rest, botUserId: identity.userId }, thread),
    readMessages: (thread, key) => readMessages({ rest, botUserId: identity.userId }, thread, key),
    readSpec: (file, types) => readSpecFile(file, config.apiUrl, types),
    errorSummary,

    async reply(target, reply, request) {
      if (request === undefined) return send(target, reply)
      const key = request.key.slice(-40)
      savedRequests.set(key, request)
      return send(target, reply, key)
    },
    onQueued,
  }
}

function originIn({ guildId, channelId, threadId, uploadLimit }: DiscordDestination, userId: string): Origin {
  return { kind: 'discord', guildId, channelId, userId, threadId, uploadLimit }
}

/** Refuses when the bot is installed but lacks permissions in the channel; null otherwise. */
function permissionRefusal(destination: DiscordDestination, threads: DiscordConfig['threads']): Reply | null {
  if (destination.guildId === null || !destination.installed || destination.permissions === null) return null
  const missing = missingPermissions(destination.permissions, destination.channelType, threads)
  if (missing.length === 0) return null
  return makeReply(
    [
      text(`I can’t reply in this channel yet. I need: ${missing.join(', ')}.`),
      text(
        'Ask someone who manages the channel to allow it, then press “Try again”. Or let me reply in a direct message.',
      ),
    ],
    [{ action: 'send_again' }, { action: 'send_in_dm' }],
  )
}

const dmClosed = (destination: DiscordDestination | null): Reply =>
  makeReply(
    [
      text(
        destination === null || destination.guildId === null
          ? 'I can’t DM you, so I couldn’t deliver your backend. '
          : 'I’m not installed on this server, and I can’t DM you. ',
        'Allow direct messages from this app in its profile, or ask an admin to install it on the server. Nothing was started.',
      ),
    ],
    [{ action: 'send_in_dm' }],
  )
