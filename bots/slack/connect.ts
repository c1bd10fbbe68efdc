import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SocketModeReceiver } from '@slack/bolt'
import type { WebClient } from '@slack/web-api'
import type { Logger } from '#lib/log'
import { z } from 'zod'
import { retryWithBackoff } from '../core/retry-with-backoff.ts'
import { errorSummary } from './error-summary.ts'
import type { Identity } from './actor.ts'

/** Timeouts for Slack's `hello` on a new connection, and for closing one, in milliseconds. */
const HELLO_TIMEOUT_MS = 20_000
const CLOSE_TIMEOUT_MS = 1_000

const AuthTest = z.object({
  team_id: z.string(),
  team: z.string().default(''),
  user_id: z.string(),
  bot_id: z.string().optional(),
  enterprise_id: z.string().optional(),
})

/** The identity of the token. Throws Web API errors. */
export async function readIdentity(web: WebClient): Promise<Identity> {
  const auth = AuthTest.parse(await web.auth.test())
  return {
    teamId: auth.team_id,
    enterpriseId: auth.enterprise_id ?? null,
    userId: auth.user_id,
    botId: auth.bot_id ?? null,
    workspace: auth.team,
  }
}

/**
 * Maintains a Socket Mode connection until `signal` aborts. Slack requests a reconnect every few hours, which happens
 * immediately. (The client's own reconnect waits for seconds and ends the process when Slack is unreachable.)
 */
export async function maintainSocket(deps: {
  readonly receiver: SocketModeReceiver
  readonly log: Logger
  readonly signal: AbortSignal
  readonly onConnected: () => void
  readonly firstPauseMs?: number
}): Promise<void> {
  const { log, signal, onConnected, firstPauseMs } = deps
  const { client } = deps.receiver
  const ended = once(signal, 'abort').catch(() => {})
  while (!signal.aborted) {
    const lost = Promise.withResolvers<void>()
    await retryWithBackoff(
      {
        log,
        signal,
        what: 'Slack: connecting',
        errorSummary: errorSummary,
        ...(firstPauseMs !== undefined && { initialDelayMs: firstPauseMs }),
      },
      async () => {
        const started = client.start()
        try {
          await Promise.race([started, rejectAfter(HELLO_TIMEOUT_MS, signal)])
        } catch (error) {
          started.catch(() => {})
          await closeSocket(client)
          throw error
        }
        client.once('disconnected', () => lost.resolve())
      },
    )
    log.info('Slack: connected')
    onConnected()
    await Promise.race([lost.promise, ended])
    if (!signal.aborted) log.info('Slack: disconnected; reconnecting')
  }
  await closeSocket(client)
}

/** Closes the connection; the second call terminates it if the peer does not respond. */
async function closeSocket(client: SocketModeReceiver['client']): Promise<void> {
  const closed = client.disconnect()
  await Promise.race([closed, sleep(CLOSE_TIMEOUT_MS, undefined, { ref: false })])
  void client.disconnect()
}

async function rejectAfter(ms: number, signal: AbortSignal): Promise<never> {
  await sleep(ms, undefined, { signal, ref: false })
  throw new Error(`no hello within ${ms} ms`)
}
