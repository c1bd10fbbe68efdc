import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeApiClient } from '../bots/api-client.ts'
import { command } from '../bots/testing/slack/payloads.ts'
import { APP_TOKEN, BOT_TOKEN, startSlackWorld } from '../bots/testing/slack/slack-world.ts'
import { run } from '../test/support/process.ts'
import { ROOT, post, startMain, temporaryFolder } from '../test/support/service.ts'
import { percentile, table } from './figures.ts'

const JOBS = 50
const COMMANDS = 200
const SECONDS = 10
const LIMIT_MS = 100

/**
 * How long Slack waits for the acknowledgement of a command while jobs run: over Socket Mode, with the service in a process
 * of its own, once with everything in it (`npm start`) and once with the bot apart (`npm run bots`). How late the sender
 * itself is, on a machine that is busy with the jobs, is measured in the same run: no acknowledgement can be faster.
 */
export async function slackAck(): Promise<string> {
  const together = await measure('together')
  const apart = await measure('apart')
  const row = (name: string, { times, ownP99, lost, queuedMs }: Awaited<ReturnType<typeof measure>>) => [
    name,
    ...[0.5, 0.99, 1].map((share) => `${percentile(times, share).toFixed(1)} ms`),
    `${ownP99.toFixed(1)} ms`,
    `${queuedMs} ms`,
    String(lost),
  ]
  const holds = percentile(together.times, 0.99) < LIMIT_MS && together.lost + apart.lost === 0
  return [
    `Acknowledging ${COMMANDS} commands in ${SECONDS} s while ${JOBS} jobs run or wait`,
    table([
      ['', 'median', 'p99', 'max', "the sender's own p99", 'last one queued after', 'lost'],
      row('npm start', together),
      row('the bot apart', apart),
    ]),
    '',
    `The p99 is to stay below ${LIMIT_MS} ms and no command is to be lost: ${holds ? 'it does, and none is' : 'IT DOES NOT HOLD'}.`,
  ].join('\n')
}

async function measure(layout: 'together' | 'apart') {
  await using stack = new AsyncDisposableStack()
  const world = stack.use(
    await startSlackWorld({
      unchecked: true,
      // What the follower asks for; here it only has to go on.
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
    // A person each, so that what came of every one can be listed.
    const payload = command(`a todo app, ${index}`, { user: `UBENCH${index}`, channel: `C${index % 20}` })
    sent.push(
      world.deliver('slash_commands', payload).then(
        ({ ms }) => void times.push(ms),
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
      Array.from({ length: COMMANDS }, (_, index) => api.listOf(`slack:T1:UBENCH${index}`, { limit: 10 })),
    )
    missing = lists.filter(({ jobs }) => jobs.length !== 1).length
    if (missing > 0) await sleep(100)
  }
  return { times, ownP99, lost: missing + failures.length, queuedMs: Math.round(performance.now() - ended) }
}
