import { generateKeyPairSync, sign } from 'node:crypto'
import { REST } from 'discord.js'
import { describe, expect, it } from 'vitest'
import { jobId, otherJobId, recordOf, summaryOf, viewOf } from '../testing/jobs.ts'
import { buttonsOf, openDiscord, textOf } from '../testing/discord/open-discord.ts'
import { USER, form, message, messageCommand, press, slash, typing } from '../testing/discord/payloads.ts'
import { queued, type ApiCall, type ApiStep } from '../testing/scripted-api.ts'
import { COMMANDS } from './definitions.ts'
import { registerCommands } from './register.ts'
import { inviteLink } from './invite.ts'
import { BOT_ID, BOT_TOKEN, CHANNEL, GUILD, startFakeDiscord } from './testing/fake-discord.ts'

/** Accepts one job and records the call. */
function acceptJob(calls: ApiCall[]): ApiStep {
  return {
    'POST /generate-backend': (call) => {
      calls.push(call)
      return queued(jobId)
    },
  }
}
const SPEC = Buffer.from('create table books (id int);')

describe('the command in Discord', () => {
  it('sends a name, an authentication mode and a file with the prompt', async () => {
    const calls: ApiCall[] = []
    await using chat = await openDiscord([acceptJob(calls)])
    const file = chat.discord.upload('books.sql', SPEC)
    await chat.interact((opened) =>
      slash(opened, 'generate-backend', { prompt: 'a library', name: 'Library', auth: 'jwt' }, { file }),
    )
    await chat.stop()
    expect(calls[0]?.body).toMatchObject({
      prompt: 'a library',
      options: { name: 'Library', auth: 'jwt' },
      spec: SPEC.toString(),
      origin: { kind: 'discord', guildId: GUILD, channelId: CHANNEL, userId: USER, uploadLimit: 10_485_760 },
    })
    expect(chat.discord.seen).toEqual([])
  })

  it.each([
    ['page.html', Buffer.from('x'), 'cannot be read'],
    ['empty.sql', Buffer.from('  '), 'is empty'],
    ['binary.sql', Buffer.from([0xff, 0xff, 0x00]), 'is not text in UTF-8 or UTF-16'],
    ['large.sql', Buffer.alloc(1_000_001, 'x'), 'too large'],
  ])('explains what is wrong with %s and starts nothing', async (name, bytes, reason) => {
    await using chat = await openDiscord([])
    const file = chat.discord.upload(name, bytes)
    await chat.interact((opened) => slash(opened, 'generate-backend', { prompt: 'a library' }, { file }))
    const { content } = await chat.discord.nextShown()
    expect(textOf(content)).toContain(reason)
    expect(textOf(content)).toContain('Nothing was started')
  })

  it('downloads only files that Discord hosts', async () => {
    await using chat = await openDiscord([])
    const file = { id: '1', filename: 'a.sql', size: 1, url: 'http://169.254.169.254/a.sql' }
    await chat.interact((opened) => slash(opened, 'generate-backend', { prompt: 'a library' }, { file }))
    expect(textOf((await chat.discord.nextShown()).content)).toContain('not hosted by Discord')
  })

  it('opens a form when the prompt is missing, which makes the same request', async () => {
    const calls: ApiCall[] = []
    await using chat = await openDiscord([acceptJob(calls)])
    await chat.interact((opened) => slash(opened, 'generate-backend'))
    expect((await chat.discord.nextShown()).via).toBe('modal')
    await chat.interact((opened) =>
      form(opened, 'new_backend:', { prompt: 'a shop', name: '', auth: ['none'] }),
    )
    await chat.stop()
    expect(calls[0]?.body).toMatchObject({ prompt: 'a shop', options: { auth: 'none' } })
  })

  it('is available in the menu of a message', async () => {
    const calls: ApiCall[] = []
    await using chat = await openDiscord([acceptJob(calls)])
    await chat.interact((opened) => messageCommand(opened, 'a todo app with tags'))
    await chat.interact((opened) => messageCommand(opened, ' '))
    expect(textOf((await chat.discord.nextShown()).content)).toContain('no text and no file')
    await chat.stop()
    expect(calls.map(({ body }) => body?.prompt)).toEqual(['a todo app with tags'])
  })

  it('suggests the user’s own jobs while they type', async () => {
    const jobs = [summaryOf(), summaryOf({ jobId: otherJobId, state: 'completed', prompt: 'a shop' })]
    const list = { 'GET /jobs': () => ({ body: { jobs, nextCursor: null } }) }
    await using chat = await openDiscord([list, list])
    await chat.interact((opened) => typing(opened, 'status', 'shop'))
    expect((await chat.discord.nextShown(0)).content['choices']).toEqual([
      { name: 'a shop · done', value: otherJobId },
    ])
    await chat.interact((opened) => typing(opened, 'cancel', ''))
    expect((await chat.discord.nextShown(1)).content['choices']).toMatchObject([{ value: jobId }])
  })

  it('asks for confirmation before it cancels, visible only to the user', async () => {
    await using chat = await openDiscord([])
    await chat.interact((opened) => press(opened, `ask_cancel:${jobId}`))
    const { via, content } = await chat.discord.nextShown()
    expect([via, content['flags']]).toEqual(['callback', 32_832])
    expect(buttonsOf(content).map(({ id }) => id)).toEqual([`cancel_job:${jobId}`])
  })

  it('replies to an expired button', async () => {
    await using chat = await openDiscord([])
    await chat.interact((opened) => press(opened, 'send_again:nothing'))
    expect(textOf((await chat.discord.nextShown()).content)).toContain('has expired')
  })

  it('opens the refine form of the job, for those who may refine it', async () => {
    const looks: ApiStep = {
      [`GET /jobs/${jobId}`]: () => ({ body: viewOf({ state: 'completed' }) }),
      [`GET /jobs/${jobId}/request`]: () => ({ body: recordOf({ origin }) }),
    }
    await using chat = await openDiscord([looks, looks])
    await chat.interact((opened) => press(opened, `refine_job:${jobId}`))
    expect((await chat.discord.nextShown()).content).toMatchObject({ custom_id: `refine_backend:${jobId}` })
    await chat.interact((opened) => press(opened, `refine_job:${jobId}`, { user: '400000000000000008' }))
    expect(textOf((await chat.discord.nextShown(1)).content)).toContain('Only')
  })

  it('does not let people who manage threads on one server act on jobs of another', async () => {
    const elsewhere = { ...origin, guildId: '200000000000000007', userId: '7' }
    const looks: ApiStep = {
      [`GET /jobs/${jobId}`]: () => ({ body: viewOf() }),
      [`GET /jobs/${jobId}/request`]: () => ({ body: recordOf({ origin: elsewhere }) }),
    }
    await using chat = await openDiscord([looks])
    const permissions = String(1n << 34n)
    await chat.interact((opened) => press(opened, `cancel_job:${jobId}`, { user: '8', permissions }))
    expect(textOf((await chat.discord.nextShown()).content)).toContain('Job not found')
  })

  it('lets people who manage threads and members of a configured role cancel', async () => {
    const looks: ApiStep = {
      [`GET /jobs/${jobId}`]: () => ({ body: viewOf() }),
      [`GET /jobs/${jobId}/request`]: () => ({ body: recordOf({ origin: { ...origin, userId: '7' } }) }),
    }
    const gone: ApiStep = { [`DELETE /jobs/${jobId}`]: () => ({ body: viewOf({ state: 'cancelled' }) }) }
    const role = '512345678901234567'
    await using chat = await openDiscord([looks, gone, looks, gone], { env: { DISCORD_ADMIN_ROLES: role } })
    const manageThreads = String(1n << 34n)
    await chat.interact((opened) => press(opened, `cancel_job:${jobId}`, { permissions: manageThreads }))
    expect(textOf((await chat.discord.nextShown(0)).content)).toContain('Cancelled')
    await chat.interact((opened) => press(opened, `cancel_job:${jobId}`, { roles: [role] }))
    expect(textOf((await chat.discord.nextShown(1)).content)).toContain('Cancelled')
  })
})

const origin = {
  kind: 'discord',
  guildId: GUILD,
  channelId: CHANNEL,
  userId: USER,
  threadId: null,
  uploadLimit: null,
} as const

it('keeps running after an invalid event', async () => {
  await using chat = await openDiscord([])
  chat.write({ id: 'not a number' })
  await chat.interact((opened) => slash(opened, 'backend', {}, { subcommand: 'help' }))
  expect(textOf((await chat.discord.nextShown()).content)).toContain('quotation marks')
  expect(chat.log.join('')).toContain('Discord event failed')
})

describe('where the bot cannot reply', () => {
  it('names the missing permissions, and continues once it has them', async () => {
    const calls: ApiCall[] = []
    await using chat = await openDiscord([acceptJob(calls)])
    await chat.interact((opened) =>
      slash(
        opened,
        'generate-backend',
        { prompt: 'a todo app' },
        { appPermissions: String((1n << 10n) | (1n << 11n) | (1n << 16n)) },
      ),
    )
    const { content } = await chat.discord.nextShown()
    expect(textOf(content)).toContain(
      'I need: Send Messages in Threads, Create Public Threads, Attach Files.',
    )
    const again = buttonsOf(content).find(({ action }) => action === 'send_again')
    await chat.interact((opened) => press(opened, again!.id, { own: true }))
    await chat.stop()
    expect(calls.map(({ body }) => body?.prompt)).toEqual(['a todo app'])
  })

  it('says that it is not installed on the server, and replies in a direct message', async () => {
    const calls: ApiCall[] = []
    await using chat = await openDiscord([acceptJob(calls)])
    await chat.interact((opened) =>
      slash(opened, 'generate-backend', { prompt: 'a todo app' }, { installed: false, appPermissions: '0' }),
    )
    const replies = [await chat.discord.nextShown(0), await chat.discord.nextShown(1)].map(({ content }) =>
      textOf(content),
    )
    expect(replies[0]).toContain('send your backend here')
    expect(replies[1]).toContain('not installed on this server')
    const sent = calls[0]?.body as { origin: { guildId: unknown; channelId: string } }
    expect(sent.origin.guildId).toBeNull()
    expect(chat.discord.channels.get(sent.origin.channelId)?.type).toBe(1)
  })

  it('says so when direct messages are closed too, and starts nothing', async () => {
    await using chat = await openDiscord([])
    chat.discord.inject(/^POST .*messages$/, { kind: 'error', code: 50_007 })
    await chat.interact((opened) =>
      slash(opened, 'generate-backend', { prompt: 'a todo app' }, { installed: false }),
    )
    const { content } = await chat.discord.nextShown()
    expect(textOf(content)).toContain('Nothing was started')
    expect(buttonsOf(content).map(({ action }) => action)).toEqual(['send_in_dm'])
  })

  it.each([
    ['DISCORD_ALLOWED_GUILDS', '212345678901234567', 'on this server'],
    ['DISCORD_ALLOWED_CHANNELS', '312345678901234567,dm', 'allowed here'],
    ['DISCORD_ALLOWED_USERS', '412345678901234567', 'on the list of people'],
  ])('%s denies everyone else, with the reason', async (name, value, words) => {
    await using chat = await openDiscord([], { env: { [name]: value } })
    await chat.interact((opened) => slash(opened, 'generate-backend', { prompt: 'x' }))
    expect(textOf((await chat.discord.nextShown()).content)).toContain(words)
  })
})

describe('a message to the bot', () => {
  const mention = `<@${BOT_ID}>`

  it('that mentions it starts one job per message; messages of bots and without a mention are ignored', async () => {
    const calls: ApiCall[] = []
    const step = acceptJob(calls)
    await using chat = await openDiscord([step, step])
    const { discord } = chat
    const id = discord.newId()
    const payload = message(id, `${mention} a todo app`, { mentions: [BOT_ID] })
    chat.write(message(discord.newId(), 'a todo app'))
    chat.write(message(discord.newId(), `${mention} a todo app`, { mentions: [BOT_ID], bot: true }))
    chat.write(payload)
    await expect.poll(() => calls.length).toBe(1)
    chat.write(payload)
    await expect.poll(() => calls.length).toBe(2)
    await chat.stop()
    expect(calls.map(({ idempotencyKey }) => idempotencyKey)).toEqual([
      `discord:message:${id}`,
      `discord:message:${id}`,
    ])
    expect(calls[0]?.body).toMatchObject({
      prompt: 'a todo app',
      origin: { channelId: CHANNEL, threadId: null },
    })
  })

  it('in a job’s thread, or in reply to its card, requests the next version', async () => {
    const calls: ApiCall[] = []
    const steps: ApiStep[] = [1, 2].flatMap(() => [
      {
        [`GET /jobs/${jobId}`]: () => ({ body: viewOf({ state: 'completed' }) }),
        [`GET /jobs/${jobId}/request`]: () => ({ body: recordOf({ origin }) }),
      },
      {
        [`POST /jobs/${jobId}/refine`]: (call: ApiCall) => {
          calls.push(call)
          return queued(otherJobId)
        },
      },
    ])
    await using chat = await openDiscord(steps)
    const { discord } = chat
    const card = [
      { type: 17, components: [{ type: 1, components: [{ type: 2, custom_id: `job_details:${jobId}` }] }] },
    ]
    const thread = discord.newId()
    discord.channels.set(thread, { id: thread, type: 11, guild_id: GUILD, parent_id: CHANNEL, members: [] })
    discord.messages.push({
      id: discord.newId(),
      channel_id: thread,
      author: { id: BOT_ID },
      components: card,
      allowed_mentions: null,
      attachments: [],
      bytes: null,
      nonce: null,
      edits: 0,
      editedAt: [],
      deleted: false,
    })
    chat.write(message(discord.newId(), `${mention} add tags`, { mentions: [BOT_ID], channel: thread }))
    await expect.poll(() => calls.length).toBe(1)
    const answers = { id: '600000000000000009', author: { id: BOT_ID }, components: card }
    chat.write(message(discord.newId(), 'add due dates', { answers }))
    await expect.poll(() => calls.length).toBe(2)
    expect(calls.map(({ body }) => body?.prompt)).toEqual(['add tags', 'add due dates'])
    expect(calls[0]?.body).toMatchObject({ origin: { threadId: thread, channelId: CHANNEL } })
  })

  it('is answered as a direct message where the answer is for one person, and says so', async () => {
    const list: ApiStep = { 'GET /jobs': () => ({ body: { jobs: [summaryOf()], nextCursor: null } }) }
    await using chat = await openDiscord([list, list])
    const { discord } = chat
    chat.write(message(discord.newId(), `${mention} list`, { mentions: [BOT_ID] }))
    await expect.poll(() => discord.messages.length).toBe(2)
    const [direct, note] = discord.messages
    expect(textOf(direct as never)).toContain('a todo app')
    expect(direct?.channel_id).not.toBe(CHANNEL)
    expect(textOf(note as never)).toBe('Sent to you as a direct message.')
    expect(note?.channel_id).toBe(CHANNEL)

    // Without direct messages it is not shown at all.
    discord.inject(/^POST .*\/messages$/, { kind: 'error', code: 50_007, status: 403 })
    chat.write(message(discord.newId(), `${mention} list`, { mentions: [BOT_ID] }))
    await expect.poll(() => discord.messages.length).toBe(3)
    const last = discord.messages.at(-1)!
    expect(last.channel_id).toBe(CHANNEL)
    expect(textOf(last as never)).toContain('/backend list')
    expect(textOf(last as never)).not.toContain('a todo app')
  })

  it('asks for help and gets the commands of Discord', async () => {
    await using chat = await openDiscord([])
    await chat.interact((opened) => slash(opened, 'backend', {}, { subcommand: 'help' }))
    const words = textOf((await chat.discord.nextShown()).content)
    for (const name of COMMANDS.flatMap(({ name, type }) => (type === 1 ? [name] : [])))
      expect(words).toContain(`/${name}`)
    expect(words).not.toContain('/generate-backend list')
    expect(words).not.toContain('[id]')
  })

  it('in reply to a card accepts text only, and explains so', async () => {
    const looks: ApiStep = {
      [`GET /jobs/${jobId}`]: () => ({ body: viewOf({ state: 'completed' }) }),
      [`GET /jobs/${jobId}/request`]: () => ({ body: recordOf({ origin }) }),
    }
    await using chat = await openDiscord([looks])
    const { discord } = chat
    const card = [{ type: 1, components: [{ type: 2, custom_id: `job_details:${jobId}` }] }]
    const answers = { id: '600000000000000009', author: { id: BOT_ID }, components: card }
    const file = {
      id: '700000000000000001',
      filename: 'shop.sql',
      size: 10,
      url: 'https://cdn.discordapp.com/x',
    }
    chat.write({ ...message(discord.newId(), 'add tags', { answers }), attachments: [file] })
    expect(textOf((await discord.nextShown()).content)).toContain('A new version can’t use an attached file')
    chat.write(message(discord.newId(), 'help', { answers }))
    expect(textOf((await discord.nextShown(1)).content)).toContain('Describe a change')
  })

  it('in a direct message needs no mention', async () => {
    const calls: ApiCall[] = []
    await using chat = await openDiscord([acceptJob(calls)])
    const dm = '900000000000000001'
    chat.discord.channels.set(dm, { id: dm, type: 1, members: [] })
    chat.write(message(chat.discord.newId(), 'a todo app', { guild: null, channel: dm }))
    await expect.poll(() => calls.length).toBe(1)
    expect(calls[0]?.body).toMatchObject({ origin: { guildId: null, channelId: dm } })
  })
})

describe('the connection', () => {
  it('is resumed after a disconnect, and missed events are handled', async () => {
    const calls: ApiCall[] = []
    await using chat = await openDiscord([acceptJob(calls)])
    const { gateway } = chat.discord
    gateway.cut()
    await expect.poll(() => gateway.sockets.size).toBe(0)
    const opened = chat.discord.openInteraction()
    gateway.dispatch('INTERACTION_CREATE', slash(opened, 'generate-backend', { prompt: 'a todo app' }))
    await expect.poll(() => gateway.counts.resumed, { timeout: 90_000 }).toBe(1)
    await expect.poll(() => calls.length).toBe(1)
    expect(gateway.counts.identified).toBe(1)
  })

  it('is retried until Discord is available', async () => {
    const discord = await startFakeDiscord()
    discord.down = true
    const log: string[] = []
    const opening = openDiscord([], { discord, log })
    await expect.poll(() => log.join('')).toContain('signing in failed')
    discord.down = false
    await using chat = await opening
    await chat.interact((opened) => slash(opened, 'backend', {}, { subcommand: 'help' }))
    expect(textOf((await discord.nextShown()).content)).toContain('Describe a backend, get the code')
    await chat[Symbol.asyncDispose]()
    await discord[Symbol.asyncDispose]()
  })

  it('survives an expired interaction without losing the bot token', async () => {
    const list = { 'GET /jobs': () => ({ body: { jobs: [summaryOf()], nextCursor: null } }) }
    await using chat = await openDiscord([list, list])
    chat.discord.inject(/^PATCH .*original$/, { kind: 'error', code: 50_027, status: 401 }, 2)
    await chat.interact((opened) => slash(opened, 'backend', {}, { subcommand: 'list' }))
    // Sent as a direct message instead.
    const first = await chat.discord.nextShown(0)
    expect([first.via, textOf(first.content).includes('a todo app')]).toEqual(['message', true])
    await chat.interact((opened) => slash(opened, 'backend', {}, { subcommand: 'list' }))
    expect((await chat.discord.nextShown(1)).via).toBe('message')
    expect(chat.log.join('')).not.toContain('token-of-')
  })
})

describe('over HTTP', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const hex = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex')
  const post = (address: string, payload: unknown, forged: { late?: boolean; other?: boolean } = {}) => {
    const body = JSON.stringify(payload)
    const timestamp = String(Math.floor(Date.now() / 1000) - (forged.late ? 400 : 0))
    const signature = sign(null, Buffer.from(timestamp + (forged.other ? '{}' : body)), privateKey)
    return fetch(address, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-signature-ed25519': signature.toString('hex'),
        'x-signature-timestamp': timestamp,
      },
      body,
    })
  }
  const env = { DISCORD_PUBLIC_KEY: hex, DISCORD_PORT: '0' }

  it('answers a ping and a command in the HTTP response', async () => {
    const calls: ApiCall[] = []
    await using chat = await openDiscord([acceptJob(calls)], { env })
    expect(await (await post(chat.address, { type: 1 })).json()).toEqual({ type: 1 })
    const opened = chat.discord.openInteraction()
    chat.discord.answered(opened.id)
    const answered = await post(chat.address, slash(opened, 'generate-backend', { prompt: 'a todo app' }))
    expect(await answered.json()).toEqual({ type: 5, data: { flags: 64 } })
    await expect.poll(() => calls.length).toBe(1)
    expect(chat.discord.gateway.counts.identified).toBe(0)
  })

  it('repeats an answer that arrives before Discord knows the response it belongs to', async () => {
    const list: ApiStep = { 'GET /jobs': () => ({ body: { jobs: [summaryOf()], nextCursor: null } }) }
    await using chat = await openDiscord([list, acceptJob([])], { env })
    const { discord } = chat
    const send = async (payload: (opened: { id: string; token: string }) => object) => {
      const opened = discord.openInteraction()
      discord.answered(opened.id)
      expect((await post(chat.address, payload(opened))).status).toBe(200)
    }
    discord.inject(/^PATCH .*original$/, { kind: 'error', code: 10_015, status: 404 }, 2)
    await send((opened) => slash(opened, 'backend', {}, { subcommand: 'list' }))
    expect((await discord.nextShown()).via).toBe('original')
    discord.inject(/^DELETE .*original$/, { kind: 'error', code: 10_015, status: 404 })
    await send((opened) => slash(opened, 'generate-backend', { prompt: 'a todo app' }))
    await discord.called(/^DELETE .*original$/)
    await discord.called(/^DELETE .*original$/)
    await chat.stop()
    expect(discord.problems).toEqual([])
  })

  it.each([
    ['forged', { other: true }],
    ['late', { late: true }],
  ])('refuses a %s signature', async (_what, forged) => {
    await using chat = await openDiscord([], { env })
    expect((await post(chat.address, { type: 1 }, forged)).status).toBe(401)
  })

  it('refuses requests that are unsigned, too large or no interaction', async () => {
    await using chat = await openDiscord([], { env })
    expect((await fetch(chat.address, { method: 'POST', body: '{"type":1}' })).status).toBe(401)
    expect((await post(chat.address, { type: 1, x: 'x'.repeat(600_000) })).status).toBe(413)
    expect((await post(chat.address, { type: 99 })).status).toBe(400)
  })
})

describe('the commands', () => {
  it.each([[GUILD], [null]])(
    'are registered once, and written again only when they change (%s)',
    async (guild) => {
      await using discord = await startFakeDiscord()
      const rest = new REST({ version: '10', api: discord.apiUrl }).setToken(BOT_TOKEN)
      expect(await registerCommands(rest, guild)).toMatchObject({ written: true })
      expect(await registerCommands(rest, guild)).toMatchObject({ written: false })
      const [commands] = discord.commands.values()
      commands![0]!['description'] = 'of an earlier version'
      expect(await registerCommands(rest, guild)).toMatchObject({ written: true })
    },
  )

  it('need only the minimum permissions of the invite link', () => {
    const { searchParams } = new URL(inviteLink('1', 'public'))
    const permissions = BigInt(searchParams.get('permissions')!)
    expect(searchParams.get('scope')).toBe('bot applications.commands')
    expect(permissions & (1n << 3n)).toBe(0n)
    expect(permissions).toBe(
      (1n << 10n) | (1n << 11n) | (1n << 15n) | (1n << 16n) | (1n << 35n) | (1n << 38n),
    )
  })
})
