import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { readBotsConfig, type BotsConfig } from './config.ts'
import { crashBanner, startBotsThread } from './start-bots-thread.ts'
import { startBots } from './start-bots.ts'
import { BOT_TOKEN as DISCORD_BOT_TOKEN } from './discord/testing/fake-discord.ts'
import { APP_TOKEN, BOT_TOKEN, startSlackWorld } from './testing/slack/slack-world.ts'
import { command } from './testing/slack/payloads.ts'

const log = pino({ level: 'silent' })
const configFor = (apiUrl: string): BotsConfig =>
  readBotsConfig({
    SLACK_BOT_TOKEN: BOT_TOKEN,
    SLACK_APP_TOKEN: APP_TOKEN,
    SLACK_API_URL: apiUrl,
    LOG_LEVEL: 'silent',
  })

describe.each([
  ['in this thread', startBots],
  ['in a thread of their own', startBotsThread],
])('the bots %s', (_, start) => {
  it('show how to turn Slack on', async () => {
    await using bots = await start({ config: readBotsConfig({}), apiUrl: 'http://127.0.0.1:1', log })
    expect(bots.banner.join()).toMatch(/Slack +off +Set SLACK_BOT_TOKEN and SLACK_APP_TOKEN/)
  })

  it('connect, receive events, and clean up', async () => {
    await using world = await startSlackWorld()
    const bots = await start({ config: configFor(world.apiUrl), apiUrl: 'http://127.0.0.1:1', log })
    expect(bots.banner.join()).toMatch(/Slack +on +Socket Mode, workspace Acme/)
    await world.deliver('slash_commands', command('help', { responseUrl: world.responseUrl() }))
    expect((await world.nextShown()).via).toBe('response_url')
    await bots[Symbol.asyncDispose]()
    await expect.poll(() => world.sockets.size).toBe(0)
  })
})

it('startup does not wait while Slack is unreachable', async () => {
  await using world = await startSlackWorld()
  world.down = true
  const started = performance.now()
  await using bots = await startBots({ config: configFor(world.apiUrl), apiUrl: 'http://127.0.0.1:1', log })
  expect(performance.now() - started).toBeLessThan(30_000)
  expect(bots.banner.join()).toContain('not connected yet')
})

it('a thread that crashes at startup reports only configured chats', () => {
  const config = readBotsConfig({ DISCORD_BOT_TOKEN, LOG_LEVEL: 'silent' })
  const [slack, discord] = crashBanner(config)
  expect(slack).toMatch(/^ {2}Slack +off +Set /)
  expect(discord).toMatch(/^ {2}Discord +… +crashed/)
})

it('bots that crash in their thread are restarted', async () => {
  await using world = await startSlackWorld()
  await using _ = await startBotsThread({
    config: configFor(world.apiUrl),
    apiUrl: 'http://127.0.0.1:1',
    log,
  })
  // Slack's client throws an uncatchable error for an event without a payload.
  for (const socket of world.sockets) socket.send('{"type":"events_api","envelope_id":"x","payload":null}')
  await expect.poll(() => world.callsOf('apps.connections.open').length, { timeout: 90_000 }).toBe(2)
  await expect.poll(() => world.sockets.size).toBe(1)
  await world.deliver('slash_commands', command('help', { responseUrl: world.responseUrl() }))
  expect((await world.nextShown()).via).toBe('response_url')
})
