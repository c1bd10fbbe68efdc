import { setTimeout as sleep } from 'node:timers/promises'
import { command } from '../bots/testing/slack/payloads.ts'
import { APP_TOKEN, BOT_TOKEN, startSlackWorld } from '../bots/testing/slack/slack-world.ts'
import { run } from '../test/support/process.ts'
import { ROOT, startMain, temporaryFolder } from '../test/support/service.ts'
import { acknowledge, MUCH, type Acknowledged, type Load } from './acknowledging.ts'
import { percentile, table } from './figures.ts'

const LIMIT_MS = 100

/**
 * How long Slack waits for the acknowledgement of a command while jobs run: over Socket Mode, with the service in its own
 * process, once with everything in it (`npm start`) and once with a separate bot (`npm run bots`). The delay of the sender
 * itself on the busy machine is measured in the same run: no acknowledgement can be faster.
 */
export async function slackAck({ commands = 200, load = MUCH } = {}): Promise<string> {
  const together = await measure('together', commands, load)
  const apart = await measure('apart', commands, load)
  const row = (name: string, { times, ownP99, lost, queuedMs }: Acknowledged) => [
    name,
    ...[0.5, 0.99, 1].map((share) => `${percentile(times, share).toFixed(1)} ms`),
    `${ownP99.toFixed(1)} ms`,
    `${queuedMs} ms`,
    String(lost),
  ]
  const holds = percentile(together.times, 0.99) < LIMIT_MS && together.lost + apart.lost === 0
  return [
    `Acknowledging ${commands} commands in ${load.seconds} s while ${load.jobs} jobs run or wait`,
    table([
      ['', 'median', 'p99', 'max', "the sender's own p99", 'last one queued after', 'lost'],
      row('npm start', together),
      row('the bot apart', apart),
    ]),
    '',
    `The p99 is to stay below ${LIMIT_MS} ms and no command is to be lost: ${holds ? 'it does, and none is' : 'IT DOES NOT HOLD'}.`,
  ].join('\n')
}

async function measure(layout: 'together' | 'apart', commands: number, load: Load): Promise<Acknowledged> {
  await using stack = new AsyncDisposableStack()
  const world = stack.use(
    await startSlackWorld({
      unchecked: true,
      // Minimal replies for the notifier.
      methods: {
        'chat.update': ({ channel, ts }) => ({ channel, ts }),
        'conversations.history': () => ({ messages: [] }),
        'files.getUploadURLExternal': () => ({ ok: false, error: 'upload_not_allowed' }),
      },
    }),
  )
  const { path: dataDir } = stack.use(await temporaryFolder('bench-slack'))
  const slack = { SLACK_BOT_TOKEN: BOT_TOKEN, SLACK_APP_TOKEN: APP_TOKEN, SLACK_API_URL: world.apiUrl }
  const service = stack.use(await startMain({ dataDir, env: layout === 'together' ? slack : {} }))
  if (layout === 'apart') {
    const env = { ...slack, API_URL: service.url, LOG_LEVEL: 'warn' }
    stack.use(run(process.execPath, ['bots/main.ts'], { cwd: ROOT, env }))
  }
  while (world.sockets.size === 0) await sleep(20)

  return await acknowledge({
    url: service.url,
    load,
    requesters: Array.from({ length: commands }, (_, index) => `slack:T1:${userOf(index)}`),
    send: async (index) => {
      const payload = command(`a todo app, ${index}`, { user: userOf(index), channel: `C${index % 20}` })
      return (await world.deliver('slash_commands', payload)).ms
    },
  })
}

const userOf = (index: number) => `UBENCH${index}`
