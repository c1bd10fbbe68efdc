import type { Logger } from '#lib/log'
import { openLinks } from '#lib/link-secret'
import { makeLinkTo } from '#lib/signed-link'
import { VERSION } from '#lib/version'
import type { QueueBackend } from '#queue/backend'
import { runDeliverWorker } from '#queue/consumer/deliver-worker'
import type { JobStore } from '#store/job-store'
import { makeCallbackNotifier } from './callback/notify-callback.ts'
import { CHATS } from '../../bots/chats.ts'
import type { OpenedChat } from '../../bots/core/chat-adapter.ts'
import type { ChatSettings, DeliverConfig } from './config.ts'
import { makeNotifier } from './notifier.ts'

/** Notifies chats and callbacks about jobs until disposed. */
export async function startNotifier(deps: {
  readonly backend: QueueBackend
  readonly store: JobStore
  readonly config: DeliverConfig
  /** Holds the generated link secret when LINK_SECRET is not set. */
  readonly dataDir: string
  readonly log: Logger
}): Promise<AsyncDisposable> {
  const { backend, store, config, log } = deps
  const { publicUrl, linkHours: hours, linkSecrets: secrets } = config
  const links = await openLinks({ secrets, dataDir: deps.dataDir })
  const linkTo = publicUrl === null ? null : makeLinkTo({ links, publicUrl, hours })
  const closing = new AbortController()
  const { signal } = closing
  const opened = new Map(
    await Promise.all(config.chats.map(async (chat) => [chat.kind, await openChat(chat, signal)] as const)),
  )
  const notifyChat = makeNotifier({
    chatOf: async (origin) => (await opened.get(origin.kind)?.chatFor(origin)) ?? null,
    store,
    linkTo,
    log,
  })
  const notifyCallback = makeCallbackNotifier({
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
    converse: (turn) => (turn.record.callbackUrl === null ? notifyChat(turn) : notifyCallback(turn)),
  })
  await worker.ready()
  return {
    async [Symbol.asyncDispose]() {
      await worker.stop()
      // Cancels requests in flight.
      closing.abort(new Error('the worker has stopped'))
    },
  }
}

async function openChat({ kind, settings }: ChatSettings, signal: AbortSignal): Promise<OpenedChat> {
  const chat = CHATS.find((chat) => chat.kind === kind)
  if (chat === undefined) throw new Error(`bots/chats.ts has no chat of kind ${kind}`)
  return chat.send.open(settings, signal)
}
