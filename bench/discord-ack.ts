import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeApiClient } from '../bots/api-client.ts'
import { LIMITS } from '../bots/discord/limits.ts'
import { BOT_TOKEN, startFakeDiscord } from '../bots/discord/testing/fake-discord.ts'
import { slash } from '../bots/testing/discord/payloads.ts'
import { post, startMain, temporaryFolder } from '../test/support/service.ts'
import { table } from './figures.ts'

const JOBS = 50
const COMMANDS = 100
const SECONDS = 10

/**
 * How long Discord waits for the acknowledgement of a command while jobs run: over the gateway, with everything in one
 * process of its own (`npm start`). How late the sender itself is, on a machine that is busy with the jobs, is measured in
 * the same run: no acknowledgement can be faster.
 */
export async function discordAck(): Promise<string> {
  await using stack = new AsyncDisposableStack()
  const discord = stack.use(await startFakeDiscord({ unchecked: true }))
  const { path: dataDir } = stack.use(await temporaryFolder('bench-discord'))
  const env = { DISCORD_BOT_TOKEN: BOT_TOKEN, DISCORD_API_URL: discord.apiUrl }
  const service = stack.use(await startMain({ dataDir, env }))
  while (discord.gateway.sockets.size === 0) await sleep(20)

  for (let job = 0; job < JOBS; job++)
    await post(service.url, { prompt: `a shop with products and orders, ${job}` })
  const times: number[] = []
  const failures: unknown[] = []
  const sent: Promise<void>[] = []
  const own = monitorEventLoopDelay({ resolution: 1 })
  own.enable()
  const started = performance.now()
  for (let index = 0; index < COMMANDS; index++) {
    const due = started + (index * SECONDS * 1_000) / COMMANDS
    await sleep(Math.max(0, due - performance.now()))
    const opened = discord.openInteraction()
    discord.gateway.dispatch(
      'INTERACTION_CREATE',
      slash(opened, 'generate-backend', { prompt: `a todo app, ${index}` }, { user: userOf(index) }),
    )
    sent.push(
      opened.acknowledged.then(
        (ms) => void times.push(ms),
        (error: unknown) => void failures.push(error),
      ),
    )
  }
  await Promise.all(sent)
  own.disable()
  const ownP99 = own.percentile(99) / 1e6 - 1
  const api = makeApiClient({ baseUrl: service.url })
  const ended = performance.now()
  let missing = COMMANDS
  while (missing > 0 && performance.now() - ended < 20_000) {
    const lists = await Promise.all(
      Array.from({ length: COMMANDS }, (_, index) => api.listOf(`discord:${userOf(index)}`, { limit: 10 })),
    )
    missing = lists.filter(({ jobs }) => jobs.length !== 1).length
    if (missing > 0) await sleep(100)
  }
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
  const lost = missing + failures.length
  const { answerMs } = LIMITS.interaction
  return [
    `Acknowledging ${COMMANDS} commands of Discord in ${SECONDS} s while ${JOBS} jobs run or wait`,
    table([
      ['median', 'p99', 'max', "the sender's own p99", 'last one queued after', 'lost'],
      [
        ...[at(0.5), at(0.99), at(1), ownP99].map((ms) => `${ms.toFixed(1)} ms`),
        `${Math.round(performance.now() - ended)} ms`,
        String(lost),
      ],
    ]),
    '',
    `Every one is to be acknowledged within ${answerMs} ms and none to be lost: ${at(1) < answerMs && lost === 0 ? 'so it is' : 'IT DOES NOT HOLD'}.`,
  ].join('\n')
}

/** A person each, so that what came of every command can be listed. */
const userOf = (index: number) => String(430_000_000_000_000_000n + BigInt(index))
