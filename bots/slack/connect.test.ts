import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { makeApiClient } from '../api-client.ts'
import { readBotsConfig } from '../config.ts'
import { jobId } from '../testing/jobs.ts'
import { queued } from '../testing/scripted-api.ts'
import { openSlack } from '../testing/slack/open-slack.ts'
import { command, mention } from '../testing/slack/payloads.ts'
import { APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, startSlackWorld } from '../testing/slack/slack-world.ts'
import { startSlack } from './start-slack.ts'

async function until(holds: () => boolean): Promise<void> {
  for (let waited = 0; !holds(); waited += 10) {
    if (waited > 60_000) throw new Error('it did not come true within a minute')
    await sleep(10)
  }
}

/** Starts on a stand-in that the test may break before. */
function start(world: { apiUrl: string }, env: Record<string, string> = { SLACK_APP_TOKEN: APP_TOKEN }) {
  const log: string[] = []
  const { slack } = readBotsConfig({ SLACK_BOT_TOKEN: BOT_TOKEN, SLACK_API_URL: world.apiUrl, ...env })
  const running = startSlack({
    config: slack!,
    api: makeApiClient({ baseUrl: 'http://127.0.0.1:1' }),
    log: pino({ level: 'trace' }, { write: (line: string) => log.push(line) }),
    firstPauseMs: 20,
  })
  return { running, log }
}

describe('the connection to Slack', () => {
  it('is made once Slack is reachable, logging each failure before that', async () => {
    await using world = await startSlackWorld()
    world.down = true
    const { running, log } = start(world)
    await using _ = running
    await until(() => log.some((line) => line.includes('signing in failed')))
    world.down = false
    expect(await running.ready).toEqual({ name: 'workspace Acme', address: null })
  })

  it('is replaced immediately when Slack requests it', async () => {
    await using slack = await openSlack([{ 'POST /generate-backend': () => queued(jobId) }])
    const { world } = slack
    for (const socket of world.sockets)
      socket.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested' }))
    await until(() => world.callsOf('apps.connections.open').length === 2 && world.sockets.size === 1)
    const { ms } = await world.deliver('events_api', mention('a todo app'))
    expect(ms).toBeLessThan(160_000)
    await slack.stop()
  })

  it('recovers from a Slack outage', async () => {
    await using slack = await openSlack([{ 'POST /generate-backend': () => queued(jobId) }])
    const { world, log } = slack
    world.down = true
    await until(() => log.some((line) => line.includes('connecting failed')))
    world.down = false
    await until(
      () => world.sockets.size === 1 && log.filter((line) => line.includes('Slack: connected')).length === 2,
    )
    const { payload } = await world.deliver('slash_commands', command('a todo app'))
    expect(payload).toEqual({})
    await slack.stop()
  })

  it.each([
    ['auth.test', 'invalid_auth', 'check SLACK_BOT_TOKEN'],
    ['auth.test', 'not_allowed_token_type', 'the tokens are mixed up'],
    ['apps.connections.open', 'missing_scope', 'connections:write'],
    ['apps.connections.open', 'forbidden', 'Socket Mode is off'],
  ])('logs what to do when Slack rejects it: %s returns %s', async (method, error, words) => {
    await using world = await startSlackWorld()
    world.faults.set(method, error)
    const { running, log } = start(world)
    await using _ = running
    await until(() => log.length > 0)
    await until(() => log.some((line) => line.includes('failed')))
    expect(log.join('')).toContain(words)
  })

  it('can be stopped while Slack is unreachable', async () => {
    await using world = await startSlackWorld()
    world.down = true
    const { running, log } = start(world)
    await until(() => log.length > 0)
    const started = performance.now()
    await running[Symbol.asyncDispose]()
    expect(performance.now() - started).toBeLessThan(160_000)
    await expect(running.ready).rejects.toThrow('Slack is being stopped')
  })

  it('is closed gracefully: running handlers finish and no connection remains', async () => {
    let ended = false
    await using slack = await openSlack([
      {
        'POST /generate-backend': async () => {
          await sleep(200)
          ended = true
          return queued(jobId)
        },
      },
    ])
    await slack.world.deliver('slash_commands', command('a todo app'))
    await slack.stop()
    expect(ended).toBe(true)
    await until(() => slack.world.sockets.size === 0)
  })

  it('listens in HTTP mode only after Slack accepts the token', async () => {
    await using world = await startSlackWorld()
    world.faults.set('auth.test', 'invalid_auth')
    const { running, log } = start(world, { SLACK_SIGNING_SECRET: SIGNING_SECRET, SLACK_PORT: '0' })
    await using _ = running
    await until(() => log.some((line) => line.includes('signing in failed')))
    world.faults.clear()
    expect((await running.ready).address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/slack\/events$/)
  })

  it('logs no secrets and no prompts', async () => {
    await using slack = await openSlack([{ 'POST /generate-backend': () => queued(jobId) }])
    const { world } = slack
    await world.deliver(
      'slash_commands',
      command('a backend for Project Nightjar', { responseUrl: world.responseUrl('used-up') }),
    )
    world.faults.set('views.open', 'invalid_auth')
    await world.deliver('slash_commands', command('', { responseUrl: world.responseUrl('used-up') }))
    await world.nextShown()
    world.down = true
    await until(() => slack.log.some((line) => line.includes('connecting failed')))
    await slack.stop()
    const log = slack.log.join('')
    for (const secret of [BOT_TOKEN, APP_TOKEN, 'Nightjar', 'secret-ticket', '/response/', 'verification'])
      expect(log).not.toContain(secret)
  })
})
