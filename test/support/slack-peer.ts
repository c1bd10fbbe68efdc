import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LogLevel, WebClient } from '@slack/web-api'
import { vi } from 'vitest'
import { run } from './process.ts'
import { freePort } from './ports.ts'
import { ROOT, temporaryFolder } from './service.ts'

const PROGRAM = join(ROOT, 'test/peers/slack/node_modules/emulate/dist/index.js')

/** Whether the stand-in is there; where it is not, tests skip themselves under this name. */
export const hasSlackPeer = existsSync(PROGRAM)
export const SLACK_PEER = hasSlackPeer
  ? 'emulate'
  : 'emulate, skipped: install it with npm ci --prefix test/peers/slack'

/** The token of the app. */
export const PEER_TOKEN = 'xoxb-test'

/** A third-party Slack emulator in its own process. */
export async function startSlackPeer() {
  await using stack = new AsyncDisposableStack()
  const folder = stack.use(await temporaryFolder('slack-peer'))
  const seed = join(folder.path, 'seed.yaml')
  await writeFile(
    seed,
    JSON.stringify({
      slack: {
        team: { name: 'Acme', domain: 'acme' },
        users: [{ name: 'ann' }],
        channels: [{ name: 'backends' }],
        tokens: [{ token: PEER_TOKEN, type: 'bot', user: 'admin', bot_id: 'B1' }],
      },
    }),
  )
  const port = await freePort()
  stack.use(
    run(process.execPath, [PROGRAM, '--service', 'slack', '--port', String(port), '--seed', seed], {
      cwd: folder.path,
      env: {},
    }),
  )
  const apiUrl = `http://localhost:${port}/api/`
  const web = new WebClient(PEER_TOKEN, {
    slackApiUrl: apiUrl,
    retryConfig: { retries: 0 },
    logLevel: LogLevel.ERROR,
  })
  await vi.waitFor(() => web.auth.test(), { timeout: 20_000, interval: 100 })
  const { channels = [] } = await web.conversations.list()
  const { members = [] } = await web.users.list({})
  const owned = stack.move()
  return {
    apiUrl,
    web,
    channelId: channels.find(({ name }) => name === 'backends')!.id!,
    userId: members.find(({ name }) => name === 'ann')!.id!,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
