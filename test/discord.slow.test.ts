import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BOT_ID, BOT_TOKEN, CHANNEL } from '../bots/discord/testing/fake-discord.ts'
import { buttonsOf, textOf } from '../bots/testing/discord/open-discord.ts'
import { form, message, press, slash, typing } from '../bots/testing/discord/payloads.ts'
import { archive, view } from './support/service.ts'

import { openDiscordService } from './support/discord-service.ts'
describe('a job in Discord, end to end', { timeout: 720_000 }, () => {
  let chat: Awaited<ReturnType<typeof openDiscordService>>
  beforeAll(async () => {
    chat = await openDiscordService()
  }, 120_000)
  afterAll(() => chat[Symbol.asyncDispose]())
  // Each test has its own user.
  let users = 0
  const newUser = () => `42000000000000000${++users}`

  it('goes from the command to the zip in the thread, byte for byte', async () => {
    const user = newUser()
    await chat.interact((opened) => slash(opened, 'generate-backend', { prompt: 'a todo app' }, { user }))
    const jobId = await chat.job(user)
    const { roots, cards, archives, results } = await chat.messagesOf(jobId)
    expect([roots, cards, archives, results].map(({ length }) => length)).toEqual([1, 1, 1, 1])
    expect(roots[0]?.channel_id).toBe(CHANNEL)
    const thread = roots[0]!.id
    for (const { channel_id: channel } of [...cards, ...results]) expect(channel).toBe(thread)
    const zip = await archive(chat.service.url, jobId)
    expect(archives[0]?.bytes?.equals(zip)).toBe(true)
    expect(textOf(cards[0]!)).toContain('Done')
    expect(buttonsOf(cards[0]!).map(({ action }) => action)).toEqual(['job_details'])
    expect(buttonsOf(results[0]!).map(({ action }) => action)).toEqual(['refine_job', 'job_details'])
    expect(results[0]?.allowed_mentions).toEqual({ parse: [], users: [user] })

    const seen = chat.discord.seen.length
    await chat.interact((opened) => press(opened, `job_details:${jobId}`, { user }))
    expect(textOf((await chat.discord.nextShown(seen)).content)).toContain('unzip ')

    // A mention in that thread requests the next version there.
    const mention = message(chat.discord.newId(), `<@${BOT_ID}> add a priority to todos`, {
      user,
      channel: thread,
      mentions: [BOT_ID],
    })
    // Twice, as after a resumed connection.
    for (let time = 0; time < 2; time++) chat.discord.gateway.dispatch('MESSAGE_CREATE', mention)
    const next = await chat.job(user, 2)
    const second = await chat.messagesOf(next)
    expect(await view(chat.service.url, next)).toMatchObject({
      state: 'completed',
      parent: jobId,
      version: 2,
    })
    expect(second.roots).toEqual([])
    expect(
      [second.cards, second.archives, second.results].map((parts) =>
        parts.map(({ channel_id: channel }) => channel),
      ),
    ).toEqual([[thread], [thread], [thread]])
    expect(second.archives[0]?.bytes?.equals(await archive(chat.service.url, next))).toBe(true)
    expect(await chat.jobsOf(user)).toEqual([next, jobId])
  })

  it('goes from the form to cancel to retry, for its requester alone', async () => {
    const user = newUser()
    await chat.interact((opened) =>
      form(
        opened,
        'new_backend:',
        { prompt: 'a shop with products and orders', name: 'My Shop', auth: ['jwt'] },
        { user },
      ),
    )
    const jobId = await chat.job(user)
    let seen = chat.discord.seen.length
    await chat.interact((opened) =>
      press(opened, `cancel_job:${jobId}`, { user: '499999999999999999', own: true }),
    )
    expect(textOf((await chat.discord.nextShown(seen++)).content)).toContain('Only')
    await chat.interact((opened) => press(opened, `cancel_job:${jobId}`, { user, own: true }))
    expect(textOf((await chat.discord.nextShown(seen++)).content)).toContain('Cancelled')
    const { cards, archives } = await chat.messagesOf(jobId)
    expect(textOf(cards[0]!)).toContain('Cancelled')
    expect(archives).toEqual([])

    await chat.interact((opened) => typing(opened, 'retry', 'shop', { user }))
    expect((await chat.discord.nextShown(seen++)).content['choices']).toMatchObject([{ value: jobId }])
    await chat.interact((opened) => slash(opened, 'backend', { job: jobId }, { user, subcommand: 'retry' }))
    const again = await chat.job(user, 2)
    const done = await chat.messagesOf(again)
    expect(done.archives).toHaveLength(1)
    expect(await view(chat.service.url, again)).toMatchObject({ state: 'completed' })
  })

  it('sends only valid requests, and logs no secret', () => {
    expect(chat.discord.problems).toEqual([])
    expect(chat.service.output()).not.toContain(BOT_TOKEN)
    expect(chat.service.output()).not.toContain('token-of-')
  })
})
