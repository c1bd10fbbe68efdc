import type { Logger } from '#lib/log'
import { openLinks } from '#lib/link-secret'
import { makeLinkTo } from '#lib/signed-link'
import { VERSION } from '#lib/version'
import type { QueueBackend } from '#queue/backend'
import { runDeliverWorker } from '#queue/consumer/deliver-worker'
import type { JobStore } from '#store/job-store'
import { makeCallbacks } from './callback/tell-callback.ts'
import type { DeliverConfig } from './config.ts'
import { makeFollower } from './follower.ts'

/** Tells chats and programs of jobs, until it is disposed of. */
export async function startDeliver(deps: {
  readonly backend: QueueBackend
  readonly store: JobStore
  readonly config: DeliverConfig
  /** Where the secret of links is kept, if no setting has one. */
  readonly dataDir: string
  readonly log: Logger
}): Promise<AsyncDisposable> {
  const { backend, store, config, log } = deps
  const { publicUrl, linkHours: hours, linkSecrets: secrets } = config
  const links = await openLinks({ secrets, dataDir: deps.dataDir })
  const linkTo = publicUrl === null ? null : makeLinkTo({ links, publicUrl, hours })
  const closing = new AbortController()
  const { signal } = closing
  const slackOf = config.slack && (await openSlack(config.slack, signal))
  const discord = config.discord && (await openDiscord(config.discord, signal))
  const tellChat = makeFollower({
    async chatOf(origin) {
      switch (origin.kind) {
        case 'slack':
          return slackOf && slackOf(origin.teamId)
        case 'discord':
          return discord
      }
    },
    store,
    linkTo,
    log,
  })
  const tellProgram = makeCallbacks({
    secrets: config.webhookSecrets,
    allowed: config.webhookAllowed,
    linkTo,
    version: VERSION,
    log,
  })
  const worker = runDeliverWorker({
    backend,
    store,
    log,
    concurrency: config.concurrency,
    converse: (turn) => (turn.record.callbackUrl === null ? tellChat(turn) : tellProgram(turn)),
  })
  await worker.ready()
  return {
    async [Symbol.asyncDispose]() {
      await worker.stop()
      // What still waits for an answer gets none any more.
      closing.abort(new Error('the worker has stopped'))
    },
  }
}

// The client of a chat is loaded where that chat is configured: it is much of what a start has to read.
async function openSlack({ tokens, apiUrl }: NonNullable<DeliverConfig['slack']>, signal: AbortSignal) {
  const { makeSlackPorts } = await import('../../bots/slack/ports.ts')
  return makeSlackPorts(tokens, { apiUrl, signal })
}

async function openDiscord(config: NonNullable<DeliverConfig['discord']>, signal: AbortSignal) {
  const { makeDiscordPort } = await import('../../bots/discord/post.ts')
  return makeDiscordPort({ ...config, signal })
}
