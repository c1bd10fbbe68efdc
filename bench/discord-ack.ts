import { setTimeout as sleep } from 'node:timers/promises'
import { LIMITS } from '../bots/discord/limits.ts'
import { BOT_TOKEN, startFakeDiscord } from '../bots/discord/testing/fake-discord.ts'
import { slash } from '../bots/testing/discord/payloads.ts'
import { startMain, temporaryFolder } from '../test/support/service.ts'
import { acknowledge, MUCH } from './acknowledging.ts'
import { percentile, table } from './figures.ts'

/**
 * How long Discord waits for the acknowledgement of a command while jobs run: over the gateway, with everything in one
 * separate process (`npm start`). The delay of the sender itself on the busy machine is measured in
 * the same run: no acknowledgement can be faster.
 */
export async function discordAck({ commands = 100, load = MUCH } = {}): Promise<string> {
  await using stack = new AsyncDisposableStack()
  const discord = stack.use(await startFakeDiscord({ unchecked: true }))
  const { path: dataDir } = stack.use(await temporaryFolder('bench-discord'))
  const env = { DISCORD_BOT_TOKEN: BOT_TOKEN, DISCORD_API_URL: discord.apiUrl }
  const service = stack.use(await startMain({ dataDir, env }))
  while (discord.gateway.sockets.size === 0) await sleep(20)

  const { times, ownP99, lost, queuedMs } = await acknowledge({
    url: service.url,
    load,
    requesters: Array.from({ length: commands }, (_, index) => `discord:${userOf(index)}`),
    send: (index) => {
      const opened = discord.openInteraction()
      discord.gateway.dispatch(
        'INTERACTION_CREATE',
        slash(opened, 'generate-backend', { prompt: `a todo app, ${index}` }, { user: userOf(index) }),
      )
      return opened.acknowledged
    },
  })
  const longest = percentile(times, 1)
  const { answerMs } = LIMITS.interaction
  return [
    `Acknowledging ${commands} commands of Discord in ${load.seconds} s while ${load.jobs} jobs run or wait`,
    table([
      ['median', 'p99', 'max', "the sender's own p99", 'last one queued after', 'lost'],
      [
        ...[percentile(times, 0.5), percentile(times, 0.99), longest, ownP99].map(
          (ms) => `${ms.toFixed(1)} ms`,
        ),
        `${queuedMs} ms`,
        String(lost),
      ],
    ]),
    '',
    `Every one is to be acknowledged within ${answerMs} ms and none to be lost: ${longest < answerMs && lost === 0 ? 'so it is' : 'IT DOES NOT HOLD'}.`,
  ].join('\n')
}

const userOf = (index: number) => String(430_000_000_000_000_000n + BigInt(index))
