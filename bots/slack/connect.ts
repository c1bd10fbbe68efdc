import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SocketModeReceiver } from '@slack/bolt'
import type { WebClient } from '@slack/web-api'
import type { Logger } from '#lib/log'
import { z } from 'zod'
import { retryWithBackoff } from '../core/retry-with-backoff.ts'
import { errorSummary } from './error-summary.ts'
import type { Identity } from './actor.ts'

/** How long a connection may take to be greeted, and to be closed, in milliseconds. */
const HELLO_TIMEOUT_MS = 20_000
const CLOSE_TIMEOUT_MS = 1_000

const AuthTest = z.object({
  team_id: z.string(),
  team: z.string().default(''),
  user_id: z.string(),
  bot_id: z.string().optional(),
  enterprise_id: z.string().optional(),
})

/** Who the token belongs to. Throws what the Web API throws. */
export async function readIdentity(web: WebClient): Promise<Identity> {
  const said = AuthTest.parse(await web.auth.test())
  return {
    teamId: said.team_id,
    enterpriseId: said.enterprise_id ?? null,
    userId: said.user_id,
    botId: said.bot_id ?? null,
    workspace: said.team,
  }
}

/**
 * Keeps a Socket Mode connection until `signal` ends it. Slack asks for a new connection every few hours, and that one
 * is made at once. (The client's own way to reconnect waits for seconds, and ends the process when Slack is away.)
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

/** Says goodbye; a second time cuts the connection of a peer that does not answer. */
async function closeSocket(client: SocketModeReceiver['client']): Promise<void> {
  const closed = client.disconnect()
  await Promise.race([closed, sleep(CLOSE_TIMEOUT_MS, undefined, { ref: false })])
  void client.disconnect()
}

async function rejectAfter(ms: number, signal: AbortSignal): Promise<never> {
  await sleep(ms, undefined, { signal, ref: false })
  throw new Error(`no hello within ${ms} ms`)
}
