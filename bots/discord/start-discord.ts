import { setTimeout as sleep } from 'node:timers/promises'
import {
  Client,
  Events,
  GatewayDispatchEvents,
  GatewayIntentBits,
  Options,
  Partials,
  REST,
  Routes,
  type APIApplication,
  type APIUser,
} from 'discord.js'
import type { Logger } from '#lib/log'
import type { ApiClient } from '../api-client.ts'
import type { DiscordConfig } from './config.ts'
import { retryWithBackoff } from '../core/retry-with-backoff.ts'
import { DISCORD_COMMANDS } from './command-examples.ts'
import { makeJobCommands } from '../core/job-commands.ts'
import { makeDiscordApp } from './app.ts'
import { makeDiscordInbound, type Identity } from './inbound.ts'
import { openEndpoint } from './endpoint.ts'
import { errorSummary } from './errors.ts'
import { discordDisplayNames } from './actor.ts'

/** The timeout of one call, and the grace period for work in progress at shutdown, in milliseconds. */
const CALL_MS = 10_000
const GRACE_MS = 5_000
/** The timeout of the first connection, in milliseconds. */
const READY_MS = 30_000

export type RunningDiscord = AsyncDisposable & {
  /** Resolves once events arrive, in endpoint mode with the address; rejects when stopped before that. */
  readonly ready: Promise<{ readonly identity: Identity; readonly address: string | null }>
}

/**
 * Receives events in the background. While Discord is unavailable, it retries and blocks nothing else; once connected,
 * discord.js resumes, reconnects and shards by itself. Disposing stops receiving, waits for work in progress and closes
 * the connection.
 */
export function startDiscord(deps: {
  readonly config: DiscordConfig
  readonly api: ApiClient
  readonly log: Logger
  /** The initial backoff after a failed connection, in milliseconds. Default 1,000. */
  readonly firstPauseMs?: number
}): RunningDiscord {
  const { config, api, log } = deps
  const stopping = new AbortController()
  const { signal } = stopping
  const ready = Promise.withResolvers<Awaited<RunningDiscord['ready']>>()
  ready.promise.catch(() => {})
  const restOptions = {
    version: '10',
    api: config.apiUrl,
    timeout: CALL_MS,
    retries: 1,
    // A user is waiting, so another way to reply is better than a long wait.
    rejectOnRateLimit: ({ retryAfter }: { retryAfter: number }) => retryAfter > CALL_MS,
  }
  const jobCommands = makeJobCommands({
    api,
    displayNames: discordDisplayNames(config),
    examples: DISCORD_COMMANDS,
    planMode: config.plan,
    sleep,
  })
  const retryOptions = {
    log,
    signal,
    errorSummary,
    ...(deps.firstPauseMs !== undefined && { initialDelayMs: deps.firstPauseMs }),
  }

  async function run(): Promise<void> {
    const { receive } = config
    const rest = new REST(restOptions).setToken(config.token)
    const identity = await retryWithBackoff({ ...retryOptions, what: 'Discord: signing in' }, async () => {
      // The client drops its token after a 401.
      rest.setToken(config.token)
      return readIdentity(rest)
    })
    // Interactions do not count against the bot's rate limits.
    const interactions = new REST({ ...restOptions, globalRequestsPerSecond: Number.POSITIVE_INFINITY })
    const app = makeDiscordApp(makeDiscordInbound({ rest, interactions, config, jobCommands, log, identity }))
    switch (receive.mode) {
      case 'gateway': {
        const client = await retryWithBackoff({ ...retryOptions, what: 'Discord: connecting' }, () =>
          connect(app, { token: config.token, restOptions, log, signal }),
        )
        log.info('Discord: connected')
        ready.resolve({ identity, address: null })
        await aborted(signal)
        await client.destroy()
        await waitForWork(app.idle())
        return
      }
      case 'endpoint': {
        const { host, port, publicKey } = receive
        const endpoint = await retryWithBackoff(
          { ...retryOptions, what: `Discord: listening on ${host}:${port}` },
          () => openEndpoint({ host, port, publicKey, answer: app.answerInteraction, log }),
        )
        log.info({ address: endpoint.address }, 'Discord: listening')
        ready.resolve({ identity, address: endpoint.address })
        await aborted(signal)
        await endpoint[Symbol.asyncDispose]()
        await waitForWork(app.idle())
      }
    }
  }

  const running = run().catch((error: unknown) => {
    ready.reject(error)
    if (!signal.aborted) log.error({ reason: errorSummary(error) }, 'Discord: stopped by an unexpected error')
  })

  return {
    ready: ready.promise,
    async [Symbol.asyncDispose]() {
      stopping.abort(new Error('Discord is shutting down'))
      await running
    },
  }
}

async function readIdentity(rest: REST): Promise<Identity> {
  const [user, application] = await Promise.all([
    rest.get(Routes.user()) as Promise<APIUser>,
    rest.get(Routes.currentApplication()) as Promise<APIApplication>,
  ])
  return { userId: user.id, applicationId: application.id, name: application.name || user.username }
}

/** Resolves with a connected client. Its cache is not used, so it holds nothing. */
async function connect(
  app: ReturnType<typeof makeDiscordApp>,
  options: {
    readonly token: string
    readonly restOptions: ConstructorParameters<typeof REST>[0]
    readonly log: Logger
    readonly signal: AbortSignal
  },
): Promise<Client> {
  const { token, restOptions, log, signal } = options
  const client = new Client({
    // No privileged intent: Discord sends the content only of messages that address the bot.
    intents: [
      GatewayIntentBits.Guilds,
      GatewayIntentBits.GuildMessages,
      GatewayIntentBits.DirectMessages,
      GatewayIntentBits.GuildMessageReactions,
      GatewayIntentBits.DirectMessageReactions,
    ],
    partials: [Partials.Channel],
    makeCache: Options.cacheWithLimits({ MessageManager: 0, GuildMemberManager: 0, UserManager: 0 }),
    ...(restOptions && { rest: restOptions }),
  })
  client.on(Events.Error, (error) => log.warn({ reason: errorSummary(error) }, 'Discord: connection failed'))
  client.on(Events.Warn, () => log.warn('Discord: warning from the client'))
  client.on(Events.ShardDisconnect, ({ code }, shard) => log.warn({ code, shard }, 'Discord: disconnected'))
  client.on(Events.ShardReconnecting, (shard) => log.info({ shard }, 'Discord: reconnecting'))
  client.on(Events.ShardResume, (shard, events) => log.info({ shard, events }, 'Discord: resumed'))
  client.ws.on(GatewayDispatchEvents.InteractionCreate, (payload: unknown) => app.onInteraction(payload))
  client.ws.on(GatewayDispatchEvents.MessageCreate, (payload: unknown) => app.onMessage(payload))
  client.ws.on(GatewayDispatchEvents.MessageReactionAdd, (payload: unknown) => app.onReaction(payload))
  const isReady = new Promise<void>((resolve) => client.once(Events.ClientReady, () => resolve()))
  try {
    await client.login(token)
    await Promise.race([isReady, timeout(READY_MS, signal)])
    return client
  } catch (error) {
    await client.destroy()
    throw error
  }
}

async function timeout(ms: number, signal: AbortSignal): Promise<never> {
  await sleep(ms, undefined, { signal, ref: false })
  throw new Error(`not ready within ${ms} ms`)
}

const aborted = (signal: AbortSignal): Promise<unknown> =>
  signal.aborted
    ? Promise.resolve()
    : new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))

/** Waits for work in progress, up to the grace period. */
async function waitForWork(work: Promise<void>): Promise<void> {
  await Promise.race([work, sleep(GRACE_MS, undefined, { ref: false })])
}
