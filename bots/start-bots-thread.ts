import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { Logger } from '#lib/log'
import { anyConfigured, CHATS, chatLine } from './chats.ts'
import type { BotsConfig } from './config.ts'
import { startBots, type RunningBots } from './start-bots.ts'

/** The thread's worker data. */
export type ThreadData = { readonly config: BotsConfig; readonly apiUrl: string }
/** Posted by the thread once it is running. */
export type ThreadBanner = { readonly banner: readonly string[] }

/** Delay before restarting crashed bots, in milliseconds. */
const RESTART_DELAY_MS = 1_000

/**
 * Runs the bots in a worker thread, for processes that do other work too: platforms allow three seconds for an
 * acknowledgement, which must not wait behind formatting and packing a project. The thread is restarted after a crash.
 */
export async function startBotsThread(deps: {
  readonly config: BotsConfig
  readonly apiUrl: string
  readonly log: Logger
}): Promise<RunningBots> {
  const { config, apiUrl, log } = deps
  if (!anyConfigured(config)) return startBots(deps)

  const workerData: ThreadData = { config, apiUrl }
  const stopping = new AbortController()
  const started = Promise.withResolvers<ThreadBanner>()

  async function keepRunning(): Promise<void> {
    while (!stopping.signal.aborted) {
      const thread = new Worker(new URL('./worker-thread-main.ts', import.meta.url), { workerData })
      const ended = new Promise((resolve) => thread.once('exit', resolve))
      thread.once('message', started.resolve)
      thread.on('error', (error) => log.error({ err: error }, 'bots crashed; restarting'))
      // eslint-disable-next-line unicorn/require-post-message-target-origin -- not a window's postMessage
      const stop = () => thread.postMessage('stop')
      stopping.signal.addEventListener('abort', stop, { once: true })
      await ended
      stopping.signal.removeEventListener('abort', stop)
      started.resolve({ banner: crashBanner(config) })
      await sleep(RESTART_DELAY_MS, undefined, { signal: stopping.signal }).catch(() => {})
    }
  }
  const running = keepRunning()

  const { banner } = await started.promise
  return {
    banner,
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await running
    },
  }
}

/** For a thread that crashed before startup completed, so that the failing chat is unknown. */
export const crashBanner = (config: BotsConfig): string[] =>
  CHATS.map(({ name, setupHint, receive }) =>
    receive.isConfigured(config)
      ? chatLine(name, '…', 'crashed: see the log.')
      : chatLine(name, 'off', setupHint),
  )
