import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import {
  BOT_ID,
  BOT_TOKEN as DISCORD_TOKEN,
  startFakeDiscord,
} from '../../bots/discord/testing/fake-discord.ts'
import { startFakeSlack } from '../../bots/slack/testing/fake-slack.ts'
import { message } from '../../bots/testing/discord/payloads.ts'
import { mention } from '../../bots/testing/slack/payloads.ts'
import { APP_TOKEN, BOT_TOKEN, startSlackWorld } from '../../bots/testing/slack/slack-world.ts'
import { eventually } from '#queue/testing/harness'
import { freePort } from '../support/ports.ts'
import { run } from '../support/process.ts'
import { ROOT, startMain, view } from '../support/service.ts'

/** Event loop measurements since the last call. */
const Probe = z.object({ longestMs: z.number(), ownP99Ms: z.number(), p99Ms: z.number() })

const PROBE = pathToFileURL(join(ROOT, 'test/support/loop-probe.mts')).href

const lookAt = async (port: string) => Probe.parse(await (await fetch(`http://127.0.0.1:${port}`)).json())

/** What the main thread of a floor does: nothing, or five times a second a piece of JSON, about 35 ms on an idle machine. */
const FLOORS = {
  idle: 'setInterval(() => {}, 60_000)',
  working:
    'const rows = Array.from({ length: 90_000 }, (_, id) => ({ id, name: `n${id}` }));' +
    'setInterval(() => JSON.parse(JSON.stringify(rows)), 200)',
}

/** A process that is measured the same way: its delays, or its time for the same work, are the machine's. */
export async function startFloor(kind: keyof typeof FLOORS) {
  const port = String(await freePort())
  const running = run(process.execPath, ['--import', PROBE, '-e', `console.log('up'); ${FLOORS[kind]}`], {
    env: { LOOP_PROBE_PORT: port },
  })
  await running.line(/up/)
  return { ...running, look: () => lookAt(port) }
}

/** The time to start and end an idle program on this machine, in milliseconds. */
export async function startAndEndMs(): Promise<number> {
  const started = performance.now()
  await using idle = run(process.execPath, ['-e', ''])
  await idle.exited
  return performance.now() - started
}

/** `npm start` with event loop measurements; API and worker in one process, the worst case. */
export async function startProbed(options: { dataDir: string; env?: Record<string, string> }) {
  const port = String(await freePort())
  const running = await startMain({
    dataDir: options.dataDir,
    env: {
      NODE_OPTIONS: `--import ${PROBE}`,
      LOOP_PROBE_PORT: port,
      MAX_PROMPT_CHARS: '1000000',
      SHUTDOWN_GRACE_SECONDS: '0',
      ...options.env,
    },
  })
  return {
    ...running,
    look: () => lookAt(port),
    cancel: (jobId: string) => fetch(`${running.url}/jobs/${jobId}`, { method: 'DELETE' }),
  }
}

/** A Slack and a Discord over the wire, in which people attach files to a message that mentions the bot. */
export async function openChats() {
  await using stack = new AsyncDisposableStack()
  const slack = stack.use(await startFakeSlack())
  const world = stack.use(await startSlackWorld({ behind: slack.url }))
  const discord = stack.use(await startFakeDiscord())
  let count = 0
  const jobOf = async (url: string, requester: string): Promise<string> => {
    let jobId: string | undefined
    await eventually(async () => {
      const response = await fetch(`${url}/jobs?requester=${requester}`)
      const { jobs } = (await response.json()) as { jobs: { jobId: string }[] }
      jobId = jobs[0]?.jobId
      return jobId !== undefined
    }, 60_000)
    return jobId!
  }
  const owned = stack.move()
  return {
    env: {
      SLACK_BOT_TOKEN: BOT_TOKEN,
      SLACK_APP_TOKEN: APP_TOKEN,
      SLACK_API_URL: world.apiUrl,
      DISCORD_BOT_TOKEN: DISCORD_TOKEN,
      DISCORD_API_URL: discord.apiUrl,
    },
    /** Resolves when both sockets of the service at `url` are open. */
    connected: () => eventually(() => discord.gateway.sockets.size > 0, 60_000),
    async attachInSlack(url: string, name: string, text: string): Promise<string> {
      const user = `UW${++count}`
      world.files.set(user, { type: 'text/plain', bytes: Buffer.from(text) })
      const files = [{ id: user, name, url_private_download: `${world.origin}/files/${user}` }]
      await world.deliver('events_api', mention('build it', { user, files, ts: `1700000${count}.000100` }))
      return jobOf(url, `slack:T1:${user}`)
    },
    async attachInDiscord(url: string, name: string, text: string): Promise<string> {
      const user = `43000000000000000${++count}`
      const files = [discord.upload(name, Buffer.from(text))]
      const post = message(discord.newId(), `<@${BOT_ID}> build it`, { user, mentions: [BOT_ID], files })
      discord.gateway.dispatch('MESSAGE_CREATE', post)
      return jobOf(url, `discord:${user}`)
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** The job once one of its stages is running. Throws if it has ended. */
export async function reached(url: string, jobId: string, stage: string): Promise<void> {
  await eventually(async () => {
    const now = await view(url, jobId)
    if (!['waiting', 'active'].includes(now.state)) throw new Error(`the job ${now.state} before ${stage}`)
    return now.stage === stage
  }, 120_000)
}
