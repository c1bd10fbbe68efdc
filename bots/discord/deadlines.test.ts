import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { jobId, summaryOf } from '../testing/jobs.ts'
import { openDiscord, textOf } from '../testing/discord/open-discord.ts'
import { message, slash } from '../testing/discord/payloads.ts'
import { BOT_ID } from './testing/fake-discord.ts'
import { queued, type ApiCall, type ApiStep } from '../testing/scripted-api.ts'

const CALLBACK = /callback$/
const COMMANDS = 30

describe('the deadline of an interaction', () => {
  const generate = (opened: { id: string; token: string }) =>
    slash(opened, 'generate-backend', { prompt: 'a todo app' })

  it('starts the job when the acknowledgement got through but its response was lost', async () => {
    const calls: ApiCall[] = []
    const step: ApiStep = {
      'POST /generate-backend': (call) => {
        calls.push(call)
        return queued(jobId)
      },
    }
    await using chat = await openDiscord([step])
    // The second attempt gets 40060: already acknowledged.
    chat.discord.inject(CALLBACK, { kind: 'reset', after: true })
    await chat.interact(generate)
    await expect.poll(() => calls.length).toBe(1)
  })

  it('starts nothing once it has passed', async () => {
    const log: string[] = []
    await using chat = await openDiscord([], { log })
    const { discord } = chat
    const opened = discord.openInteraction()
    discord.advance(3_100)
    discord.gateway.dispatch('INTERACTION_CREATE', generate(opened))
    await expect.poll(() => log.join('')).toContain('discord_10062')
  })

  it('is met while the bot’s other requests are rate limited', async () => {
    const step: ApiStep = { 'GET /jobs': () => ({ body: { jobs: [summaryOf()], nextCursor: null } }) }
    await using chat = await openDiscord([step])
    const { discord } = chat
    discord.inject(/^POST .*\/messages$/, { kind: 'rate_limited', seconds: 4, global: true })
    const startedAt = performance.now()
    chat.write(message(discord.newId(), `<@${BOT_ID}> help`, { mentions: [BOT_ID] }))
    await discord.called(/^POST .*\/messages$/)
    // Until the client has read the 429.
    await sleep(200)
    await chat.interact((opened) => slash(opened, 'backend', {}, { subcommand: 'list' }))
    // In this order: the list did not wait for the message.
    expect(textOf((await discord.nextShown(0)).content)).toContain('a todo app')
    expect(textOf((await discord.nextShown(1)).content)).toContain('quotation marks')
    expect(performance.now() - startedAt).toBeGreaterThan(4_000)
  })

  it('is met by each of 30 simultaneous commands', async () => {
    const step: ApiStep = { 'GET /jobs': () => ({ body: { jobs: [summaryOf()], nextCursor: null } }) }
    await using chat = await openDiscord(Array.from({ length: COMMANDS }, () => step))
    const times = await Promise.all(
      Array.from({ length: COMMANDS }, (_, index) =>
        chat.interact((opened) =>
          slash(opened, 'backend', {}, { subcommand: 'list', user: `4${String(index).padStart(17, '0')}` }),
        ),
      ),
    )
    expect(times).toHaveLength(COMMANDS)
    await expect.poll(() => chat.discord.seen.length, { timeout: 90_000 }).toBe(COMMANDS)
    expect(textOf(chat.discord.seen[COMMANDS - 1]!.content)).toContain('a todo app')
  })

  it('falls back to a direct message when the token has expired after 15 minutes', async () => {
    const slow = Promise.withResolvers<void>()
    const step: ApiStep = {
      'GET /jobs': async () => {
        await slow.promise
        return { body: { jobs: [summaryOf()], nextCursor: null } }
      },
    }
    await using chat = await openDiscord([step])
    await chat.interact((opened) => slash(opened, 'backend', {}, { subcommand: 'list' }))
    chat.discord.advance(16 * 60_000)
    slow.resolve()
    const { via, content } = await chat.discord.nextShown()
    expect([via, textOf(content).includes('a todo app')]).toEqual(['message', true])
  })
})
