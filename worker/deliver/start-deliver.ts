import type { Logger } from '#lib/log'
import { openLinks } from '#lib/link-secret'
import { makeLinkTo } from '#lib/signed-link'
import type { QueueBackend } from '#queue/backend'
import { runDeliverWorker } from '#queue/deliver-worker'
import type { JobStore } from '#store/job-store'
import { makeSlackPort } from '../../bots/slack/post.ts'
import type { DeliverConfig } from './config.ts'
import { makeFollower } from './follower.ts'

/** Keeps the conversations of jobs that were asked for in a chat, until it is disposed of. */
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
  const slack = config.slack && makeSlackPort({ ...config.slack, signal: closing.signal })
  const worker = runDeliverWorker({
    backend,
    store,
    log,
    concurrency: config.concurrency,
    converse: makeFollower({ chatOf: () => slack, store, linkTo, log }),
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
