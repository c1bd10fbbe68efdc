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
import { readThread } from './read-thread.ts'
import { makeReplies, type Target } from './reply.ts'
import { readSpecFile } from './spec-file.ts'
import { callerOf, type DiscordActor } from './actor.ts'

/** The app, as Discord knows it. */
export type Identity = {
  readonly applicationId: string
  readonly userId: string
  readonly name: string
}

export type DiscordDeps = {
  readonly rest: REST
  /** For answers to interactions, which Discord counts apart from all else: they wait for nothing. It knows no token. */
  readonly interactions: REST
  readonly config: DiscordConfig
  readonly story: JobCommands
  readonly log: Logger
  readonly identity: Identity
}
/** Discord for the common room, and what only Discord has. */
export type DiscordInbound = InboundChat<Target, DiscordDestination> & {
  readonly rest: REST
  readonly interactions: REST
  readonly identity: Identity
  callerOf(actor: DiscordActor): Caller
  /** The request that the buttons under a refusal stand for; undefined once they have expired. */
  savedRequest(key: string): BackendRequest<DiscordDestination> | undefined
}

/** Requests that could not be sent, for the buttons under their refusals; those buttons die with the interaction. */
const MAX_SAVED_REQUESTS = 1_000

export function makeDiscordInbound(deps: DiscordDeps): DiscordInbound {
  const { rest, interactions, config, story, log, identity } = deps
  const { tell, clear } = makeReplies({ rest, interactions, log })
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
    const nowhere = { guildId: null, threadId: null, uploadLimit: null }
    return { ok: true, origin: { kind: 'discord', channelId, userId, ...nowhere } }
  }

  async function onQueued({ target, request, jobId }: Queued<Target, DiscordDestination>): Promise<void> {
    const { destination, refines } = request
    if (refines !== null || destination?.installed) return clear(target)
    const why = destination === null ? '' : ' I am no member of this server, so I cannot write here.'
    return tell(
      target,
      makeReply(
        [text(`Queued.${why} The card and the archive come in our direct messages.`)],
        [{ action: 'job_details', jobId }],
      ),
    )
  }

  return {
    jobCommands: story,
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
    // The button was let through where it stands, and its channel was checked when the request was made.
    scopeOf: () => ({ server: null, channel: null }),
    readThread: (thread) => readThread({ rest, botUserId: identity.userId }, thread),
    readSpec: (file) => readSpecFile(file, config.apiUrl),
    errorSummary: errorSummary,

    async reply(target, said, request) {
      // The form of a next version cannot be filled, so such a request is written again.
      if (request === undefined || request.refines !== null) return tell(target, said)
      const key = request.key.slice(-40)
      savedRequests.set(key, request)
      return tell(target, said, key)
    },
    onQueued,
  }
}

function originIn({ guildId, channelId, threadId, uploadLimit }: DiscordDestination, userId: string): Origin {
  return { kind: 'discord', guildId, channelId, userId, threadId, uploadLimit }
}

/** Where the bot is a member and yet may not do what it has to. */
function permissionRefusal(destination: DiscordDestination, threads: DiscordConfig['threads']): Reply | null {
  if (destination.guildId === null || !destination.installed || destination.permissions === null) return null
  const missing = missingPermissions(destination.permissions, destination.channelType, threads)
  if (missing.length === 0) return null
  return makeReply(
    [
      text(`I cannot answer in this channel yet. I need: ${missing.join(', ')}.`),
      text(
        'Somebody who manages the channel can allow that; then press “Try again”. Or let me answer in a direct message.',
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
          ? 'You take no direct messages from me, so I could not hand anything over there. '
          : 'I am no member of this server, so I cannot write here, and you take no direct messages from me. ',
        'Allow direct messages from this app in its profile, or have me invited to the server. Nothing was started.',
      ),
    ],
    [{ action: 'send_in_dm' }],
  )
