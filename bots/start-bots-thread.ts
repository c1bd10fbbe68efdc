import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { Logger } from '#lib/log'
import { anyConfigured, CHATS, chatLine } from './chats.ts'
import type { BotsConfig } from './config.ts'
import { startBots, type RunningBots } from './start-bots.ts'

/** What the thread is told at its start. */
export type ThreadData = { readonly config: BotsConfig; readonly apiUrl: string }
/** What it answers once it runs. */
export type ThreadBanner = { readonly banner: readonly string[] }

/** The pause before bots that have crashed are started again, in milliseconds. */
const RESTART_DELAY_MS = 1_000

/**
 * The bots in a thread of their own, for a process that does other work too: a chat waits three seconds for an
 * acknowledgement, and must not stand in line behind a project that is being formatted and packed. What crashes there is
 * started again, and takes nothing else with it.
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
      const thread = new Worker(new URL('./thread-main.ts', import.meta.url), { workerData })
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

/** Of a thread that crashed before it could say anything: which chat it was for, nobody knows. */
export const crashBanner = (config: BotsConfig): string[] =>
  CHATS.map(({ name, setupHint, receive }) =>
    receive.isConfigured(config)
      ? chatLine(name, '…', 'it has crashed: see the log.')
      : chatLine(name, 'off', setupHint),
  )
