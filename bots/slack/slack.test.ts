import { describe, expect, it } from 'vitest'
import { jobId, otherJobId, recordOf, slackOrigin, summaryOf, viewOf } from '../testing/jobs.ts'
import { queued, refused, type ApiCall, type ApiStep } from '../testing/scripted-api.ts'
import { NOBODY } from '../testing/scripted-chat.ts'
import { openSlack } from '../testing/slack/open-slack.ts'
import {
  BOT_USER,
  MESSAGE_TS,
  command,
  directMessage,
  homeOpened,
  mention,
  press,
  submission,
} from '../testing/slack/payloads.ts'
import { buttonsOf, post, wordsOf } from '../testing/slack/slack-world.ts'
import { renderSlack } from './blocks.ts'
import { toCard } from '../core/cards/card.ts'

/** A step that takes a job and keeps what came in. */
function takes(calls: ApiCall[], id = jobId) {
  return {
    'POST /generate-backend': (call: ApiCall) => {
      calls.push(call)
      return queued(id)
    },
  }
}

/** Takes a job once the delivery is acknowledged: a delivery that waits for its job would never be. */
function takesAfterwards(calls: ApiCall[]) {
  const { promise, resolve: acknowledged } = Promise.withResolvers<void>()
  const step = {
    'POST /generate-backend': async (call: ApiCall) => {
      await promise
      calls.push(call)
      return queued(jobId)
    },
  }
  return { step, acknowledged }
}

const sql = { id: 'F1', name: 'schema.sql', size: 40, mimetype: 'text/plain' }
const SQL = 'create table books (id integer, title text);'

describe('a command in Slack', () => {
  it('is acknowledged first and posts nothing in the channel', async () => {
    const calls: ApiCall[] = []
    const { step, acknowledged } = takesAfterwards(calls)
    await using slack = await openSlack([step])
    const { payload } = await slack.world.deliver('slash_commands', command('a todo app'))
    expect(payload).toEqual({})
    acknowledged()
    await slack.stop()
    expect(calls[0]?.body?.origin).toEqual(slackOrigin)
    expect(slack.world.seen).toEqual([])
    expect(slack.world.calls.map(({ method }) => method)).toEqual([
      'auth.test',
      'apps.connections.open',
      'conversations.info',
    ])
  })

  it('reads text as typed', async () => {
    const calls: ApiCall[] = []
    await using slack = await openSlack([takes(calls)])
    await slack.world.deliver('slash_commands', command('R&amp;D notes, size &lt; 3 &amp;amp; more'))
    await slack.stop()
    expect(calls[0]?.body?.prompt).toBe('R&D notes, size < 3 &amp; more')
  })

  it('works in direct messages with the bot', async () => {
    const calls: ApiCall[] = []
    await using slack = await openSlack([takes(calls)])
    await slack.world.deliver('slash_commands', command('a todo app', { channel: 'DU1' }))
    await slack.stop()
    expect(calls[0]?.body?.origin).toEqual({ ...slackOrigin, channelId: 'DU1' })
  })

  it('keeps the prompt where the bot is not a member, to retry after an invitation or send as a direct message', async () => {
    const calls: ApiCall[] = []
    await using slack = await openSlack([takes(calls), takes(calls, otherJobId)])
    const { world } = slack
    world.outside.add('C7')
    const responseUrl = world.responseUrl()
    await world.deliver(
      'slash_commands',
      command('a todo app', { channel: 'C7', triggerId: '13.7', responseUrl }),
    )
    const { content, via } = await world.nextShown()
    expect(via).toBe('response_url')
    expect(wordsOf(content['blocks'])).toContain(`/invite   ${BOT_USER}`)
    const [again, direct] = buttonsOf(content)
    expect([again?.action, direct?.action]).toEqual(['send_again', 'send_in_dm'])

    await world.deliver('interactive', press('send_in_dm', direct!.value, { channel: 'C7', responseUrl }))
    expect(wordsOf((await world.nextShown(1)).content['blocks'])).toContain('direct messages')
    world.outside.delete('C7')
    await world.deliver('interactive', press('send_again', again!.value, { channel: 'C7', responseUrl }))
    await world.nextShown(2)
    expect(calls.map(({ body, idempotencyKey }) => [body?.prompt, body?.origin, idempotencyKey])).toEqual([
      ['a todo app', { ...slackOrigin, channelId: 'DU1' }, 'slack:trigger:13.7:dm'],
      ['a todo app', { ...slackOrigin, channelId: 'C7' }, 'slack:trigger:13.7'],
    ])
  })

  it('offers a direct message in a conversation that the bot cannot join', async () => {
    await using slack = await openSlack([])
    await slack.world.deliver('slash_commands', command('a todo app', { channel: 'D999' }))
    // Without a response address, and with no way into the channel, it comes as a direct message.
    const { content } = await slack.world.nextShown()
    expect(buttonsOf(content).map(({ action }) => action)).toEqual(['send_in_dm'])
  })

  it('submits the request when Slack does not say whether the bot is a member', async () => {
    const calls: ApiCall[] = []
    await using slack = await openSlack([takes(calls)])
    slack.world.faults.set('conversations.info', 'missing_scope')
    await slack.world.deliver('slash_commands', command('a todo app'))
    await slack.stop()
    expect(calls).toHaveLength(1)
  })

  it('can be retried with the same key after an API outage', async () => {
    await using slack = await openSlack([], { apiUrl: NOBODY })
    const { world } = slack
    const responseUrl = world.responseUrl()
    await world.deliver('slash_commands', command('a todo app', { triggerId: '13.9', responseUrl }))
    const [again] = buttonsOf((await world.nextShown()).content)

    const calls: ApiCall[] = []
    await using later = await openSlack([takes(calls)])
    await later.world.deliver('interactive', press('send_again', again!.value))
    expect(wordsOf((await later.world.nextShown()).content['blocks'])).toContain('Queued')
    expect(calls[0]).toMatchObject({ idempotencyKey: 'slack:trigger:13.9', body: { prompt: 'a todo app' } })
  })

  it('returns a prompt that is too long for a button, to copy', async () => {
    // Random words do not shrink.
    const prompt = Array.from({ length: 700 }, (_, i) =>
      ((i * 2_654_435_761) % 4_294_967_296).toString(36),
    ).join(' ')
    await using slack = await openSlack([], { apiUrl: NOBODY })
    await slack.world.deliver('slash_commands', command(prompt))
    const { content } = await slack.world.nextShown()
    expect(buttonsOf(content)).toEqual([])
    const back = (content['blocks'] as { elements?: { type: string; elements?: { text: string }[] }[] }[])
      .flatMap(({ elements = [] }) => elements)
      .filter(({ type }) => type === 'rich_text_preformatted')
      .map(({ elements }) => elements![0]!.text)
    expect(back.join('')).toBe(prompt)
  })

  it('shows the API’s message for an invalid name or prompt, and allows editing', async () => {
    await using slack = await openSlack([
      {
        'POST /generate-backend': () => refused(400, 'invalid_request', 'x', ['prompt is <!channel> empty.']),
      },
    ])
    const { world } = slack
    await world.deliver('slash_commands', command('a shop', { responseUrl: world.responseUrl() }))
    const { content } = await world.nextShown()
    expect(wordsOf(content['blocks'])).toContain('Your description is <!channel> empty.')
    const [change] = buttonsOf(content)
    await world.deliver('interactive', press('edit_request', change!.value))
    const { content: view, via } = await world.nextShown(1)
    expect(via).toBe('modal')
    expect(JSON.stringify(view['blocks'])).toContain('"initial_value":"a shop"')
  })

  it('replies in the channel when the response URL is exhausted', async () => {
    await using slack = await openSlack([])
    const { world } = slack
    await world.deliver('slash_commands', command('help', { responseUrl: world.responseUrl('used-up') }))
    expect((await world.nextShown()).via).toBe('ephemeral')
  })
})

describe('the form', () => {
  async function opened(steps: Parameters<typeof openSlack>[0]) {
    const slack = await openSlack(steps)
    const responseUrl = slack.world.responseUrl()
    await slack.world.deliver('slash_commands', command('', { responseUrl }))
    const { content } = await slack.world.nextShown()
    return { slack, metadata: String(content['private_metadata']) }
  }

  it('submits a job that replies where the form was opened', async () => {
    const calls: ApiCall[] = []
    const { step, acknowledged } = takesAfterwards(calls)
    const { slack, metadata } = await opened([step])
    await using _ = slack
    const sent = submission({ prompt: ' a shop ', name: 'My Shop', auth: 'jwt' }, { metadata, viewId: 'V77' })
    const { payload } = await slack.world.deliver('interactive', sent)
    expect(payload).toEqual({})
    acknowledged()
    await slack.stop()
    expect(calls[0]).toMatchObject({
      idempotencyKey: 'slack:view:V77',
      body: { prompt: 'a shop', options: { name: 'My Shop', auth: 'jwt' }, origin: slackOrigin },
    })
    expect(slack.world.seen).toHaveLength(1)
  })

  it('reads the attached file', async () => {
    const calls: ApiCall[] = []
    const { slack, metadata } = await opened([takes(calls)])
    await using _ = slack
    const { world } = slack
    world.files.set('F1', { type: 'text/plain', bytes: Buffer.from(SQL) })
    const files = [{ ...sql, url_private_download: `${world.origin}/files/F1` }]
    await world.deliver('interactive', submission({ prompt: 'a library', files }, { metadata }))
    await slack.stop()
    expect(calls[0]?.body).toEqual({
      prompt: 'a library',
      defaults: { plan: 'auto' },
      spec: SQL,
      origin: slackOrigin,
    })
  })

  it('looks up a file that comes with an ID only', async () => {
    const calls: ApiCall[] = []
    const { slack, metadata } = await opened([takes(calls)])
    await using _ = slack
    slack.world.files.set('F1', { type: 'text/plain', bytes: Buffer.from(SQL) })
    await slack.world.deliver(
      'interactive',
      submission({ prompt: 'a library', files: [{ id: 'F1' }] }, { metadata }),
    )
    await slack.stop()
    expect(calls[0]?.body?.spec).toBe(SQL)
  })

  it('stays open and shows the error next to the field', async () => {
    const { slack, metadata } = await opened([])
    await using _ = slack
    const { payload } = await slack.world.deliver('interactive', submission({ prompt: '  ' }, { metadata }))
    expect(payload).toEqual({ response_action: 'errors', errors: { prompt: 'Describe what to build.' } })
  })

  it.each([
    ['notes.pdf', 'application/pdf', Buffer.from('%PDF'), /cannot be read: attach an OpenAPI document/],
    ['big.sql', 'text/plain', Buffer.alloc(1_000_001, 'x'), /too large/],
    ['image.sql', 'text/plain', Buffer.from([0xff, 0xff, 0x00]), /is not text in UTF-8 or UTF-16/],
    ['nul.sql', 'text/plain', Buffer.from('a\0b'), /is not text in UTF-8 or UTF-16/],
    ['empty.sql', 'text/plain', Buffer.from('  \n'), /is empty/],
    ['page.sql', 'text/html', Buffer.from('<html>sign in'), /files:read/],
  ])('rejects %s (%s) with a message, and returns the request', async (name, type, bytes, message) => {
    const { slack, metadata } = await opened([])
    await using _ = slack
    const { world } = slack
    world.files.set('F2', { type, bytes })
    const files = [{ id: 'F2', name, size: 10, url_private_download: `${world.origin}/files/F2` }]
    await world.deliver('interactive', submission({ prompt: 'a library', files }, { metadata }))
    const { content } = await world.nextShown(1)
    expect(wordsOf(content['blocks'])).toMatch(message)
    expect(buttonsOf(content).map(({ action }) => action)).toEqual(['send_again', 'edit_request'])
  })

  it('sends the token only to Slack', async () => {
    const { slack, metadata } = await opened([])
    await using _ = slack
    await using elsewhere = await openSlack([])
    const files = [{ ...sql, url_private_download: `${elsewhere.world.origin}/files/F1` }]
    await slack.world.deliver('interactive', submission({ prompt: 'a library', files }, { metadata }))
    expect(wordsOf((await slack.world.nextShown(1)).content['blocks'])).toContain('not stored in Slack')
  })
})

describe('a mention', () => {
  it('starts a job in a thread on the message, with the attached file', async () => {
    const calls: ApiCall[] = []
    const { step, acknowledged } = takesAfterwards(calls)
    await using slack = await openSlack([step])
    const { world } = slack
    world.files.set('F1', { type: 'text/plain', bytes: Buffer.from(SQL) })
    const files = [{ ...sql, url_private_download: `${world.origin}/files/F1` }]
    const said = mention('a library for <@U5|bob> like <https://example.com|this>', { files, eventId: 'Ev5' })
    await world.deliver('events_api', said)
    acknowledged()
    await slack.stop()
    expect(calls[0]).toMatchObject({
      idempotencyKey: `slack:message:C1:${MESSAGE_TS}`,
      body: {
        prompt: 'a library for @bob like this (https://example.com)',
        spec: SQL,
        origin: { ...slackOrigin, threadTs: MESSAGE_TS },
      },
    })
    expect(world.seen).toEqual([])
  })

  it('is handled once, no matter how often Slack delivers it', async () => {
    const calls: ApiCall[] = []
    await using slack = await openSlack([takes(calls), takes(calls)])
    const said = mention('a todo app', { eventId: 'Ev6' })
    await slack.world.deliver('events_api', said)
    await slack.world.deliver('events_api', said, { retry_attempt: 1, retry_reason: 'timeout' })
    await slack.stop()
    expect(calls[0]).toEqual(calls[1])
    expect(calls[0]?.idempotencyKey).toBe(`slack:message:C1:${MESSAGE_TS}`)
  })

  it('starts nothing again when it is edited, and says where to describe a change', async () => {
    const keys: (string | null)[] = []
    const refuses: ApiStep = {
      'POST /generate-backend': ({ idempotencyKey }) => {
        keys.push(idempotencyKey)
        return refused(409, 'idempotency_conflict', 'This key was used for another request.')
      },
    }
    await using slack = await openSlack([refuses])
    const edited = { edited: { user: 'U1', ts: '1700000000.000900' } }
    await slack.world.deliver('events_api', mention('a todo app with tags', { event: edited }))
    await slack.world.deliver('events_api', mention('list', { event: edited }))
    expect(wordsOf((await slack.world.nextShown()).content['blocks'])).toContain('already started a backend')
    await slack.stop()
    expect(keys).toEqual([`slack:message:C1:${MESSAGE_TS}`])
  })

  it('with a file but no text uses the file', async () => {
    const calls: ApiCall[] = []
    await using slack = await openSlack([takes(calls)])
    slack.world.files.set('F1', { type: 'text/plain', bytes: Buffer.from(SQL) })
    const files = [{ ...sql, url_private_download: `${slack.world.origin}/files/F1` }]
    await slack.world.deliver('events_api', mention('', { files }))
    await slack.stop()
    expect(calls[0]?.body).toMatchObject({
      prompt: 'The backend that the attached file describes',
      spec: SQL,
    })
  })

  it('without text shows help', async () => {
    await using slack = await openSlack([])
    await slack.world.deliver('events_api', mention(''))
    const { via, content } = await slack.world.nextShown()
    expect(via).toBe('ephemeral')
    expect(wordsOf(content['blocks'])).toContain('/generate-backend list')
  })

  it('in a thread without a job works in that thread', async () => {
    const calls: ApiCall[] = []
    await using slack = await openSlack([takes(calls)])
    await slack.world.deliver(
      'events_api',
      mention('a todo app', { threadTs: MESSAGE_TS, ts: '1700000000.000300' }),
    )
    await slack.stop()
    expect(calls[0]?.body?.origin).toEqual({ ...slackOrigin, threadTs: MESSAGE_TS })
  })

  it('builds what was discussed in its thread', async () => {
    const calls: ApiCall[] = []
    await using slack = await openSlack([takes(calls)])
    const { world } = slack
    const said = (user: string, ts: string, text: string) => ({ type: 'message', user, ts, text })
    world.threads.set(MESSAGE_TS, [
      said('U7', MESSAGE_TS, 'We need a library with books &amp; loans.'),
      said(BOT_USER, '1700000000.000200', 'Hi!'),
      said('U8', '1700000000.000250', 'Books have an ISBN.'),
      said('U1', '1700000000.000300', `<@${BOT_USER}> build what we discussed`),
    ])
    const inThread = { threadTs: MESSAGE_TS, ts: '1700000000.000300' }
    await world.deliver('events_api', mention('build what we discussed', inThread))
    expect(wordsOf((await world.nextShown()).content['blocks'])).toContain('Building from 2 messages')
    await slack.stop()
    expect(calls[0]?.body?.prompt).toBe('We need a library with books & loans.\nBooks have an ISBN.')
  })

  it('reads several files, and says which it did not', async () => {
    const calls: ApiCall[] = []
    await using slack = await openSlack([takes(calls)])
    const { world } = slack
    world.files.set('F1', { type: 'text/plain', bytes: Buffer.from(SQL) })
    world.files.set('F2', { type: 'text/plain', bytes: Buffer.from('Loans end after 14 days.') })
    const files = [
      { ...sql, url_private_download: `${world.origin}/files/F1` },
      { ...sql, id: 'F2', name: 'rules.md', url_private_download: `${world.origin}/files/F2` },
      { ...sql, id: 'F3', name: 'logo.png', url_private_download: `${world.origin}/files/F3` },
    ]
    await world.deliver('events_api', mention('a library', { files }))
    const words = wordsOf((await world.nextShown()).content['blocks'])
    expect(words).toContain('Read: schema.sql, rules.md.')
    expect(words).toContain('Not read: logo.png (not a text file).')
    await slack.stop()
    expect(calls[0]?.body).toMatchObject({
      prompt: 'a library\n\nContext, from rules.md:\n> Loans end after 14 days.',
      spec: SQL,
    })
  })

  describe('in the thread of a job', () => {
    /** The card as the notifier posts it. */
    const card = (user: string, id = jobId) => {
      const [message] = renderSlack({ kind: 'card', card: toCard(viewOf({ jobId: id })) })
      return { type: 'message', user, ts: MESSAGE_TS, ...message }
    }
    const inThread = { threadTs: MESSAGE_TS, ts: '1700000000.000300' }

    it('replies to “help” with what can be done', async () => {
      await using slack = await openSlack([
        {
          [`GET /jobs/${jobId}`]: () => ({ body: viewOf() }),
          [`GET /jobs/${jobId}/request`]: () => ({ body: recordOf() }),
        },
      ])
      slack.world.threads.set(MESSAGE_TS, [card(BOT_USER)])
      await slack.world.deliver('events_api', mention('help', inThread))
      const { content } = await slack.world.nextShown()
      expect(wordsOf(content['blocks'])).toContain('Describe a change')
      expect(buttonsOf(content)).toEqual([
        { action: 'job_details', value: jobId },
        { action: 'cancel_job', value: jobId },
      ])
      expect(slack.world.callsOf('chat.postEphemeral')[0]?.params['thread_ts']).toBe(MESSAGE_TS)
    })

    it.each([
      ['status', 'Now: Write the project'],
      ['', 'Now: Write the project'],
    ])('%j is about that job', async (text, words) => {
      await using slack = await openSlack([
        {
          [`GET /jobs/${jobId}`]: () => ({ body: viewOf() }),
          [`GET /jobs/${jobId}/request`]: () => ({ body: recordOf() }),
        },
      ])
      slack.world.threads.set(MESSAGE_TS, [card(BOT_USER, otherJobId), card(BOT_USER)])
      await slack.world.deliver('events_api', mention(text, inThread))
      expect(wordsOf((await slack.world.nextShown()).content['blocks'])).toContain(words)
    })

    it('starts nothing when the thread cannot be read', async () => {
      await using slack = await openSlack([])
      slack.world.faults.set('conversations.replies', 'internal_error')
      await slack.world.deliver('events_api', mention('make the titles unique', inThread))
      expect(wordsOf((await slack.world.nextShown()).content['blocks'])).toContain('can’t read this thread')
    })

    it('ignores buttons posted by others', async () => {
      const calls: ApiCall[] = []
      await using slack = await openSlack([takes(calls)])
      slack.world.threads.set(MESSAGE_TS, [card('UEVIL')])
      await slack.world.deliver('events_api', mention('a todo app', inThread))
      await slack.stop()
      expect(calls).toHaveLength(1)
    })

    it('retries in the same thread', async () => {
      const calls: ApiCall[] = []
      await using slack = await openSlack([
        {
          [`GET /jobs/${jobId}`]: () => ({ body: viewOf({ state: 'failed' }) }),
          [`GET /jobs/${jobId}/request`]: () => ({ body: recordOf() }),
        },
        takes(calls, otherJobId),
      ])
      slack.world.threads.set(MESSAGE_TS, [card(BOT_USER)])
      await slack.world.deliver('events_api', mention('retry', inThread))
      expect(wordsOf((await slack.world.nextShown()).content['blocks'])).toContain('Retrying')
      expect(calls[0]?.body?.origin).toEqual({ ...slackOrigin, threadTs: MESSAGE_TS })
    })
  })
})

describe('a direct message', () => {
  it('is a prompt like any other', async () => {
    const calls: ApiCall[] = []
    await using slack = await openSlack([takes(calls)])
    await slack.world.deliver('events_api', directMessage('a todo app'))
    await slack.stop()
    expect(calls[0]?.body?.origin).toEqual({ ...slackOrigin, channelId: 'DU1', threadTs: MESSAGE_TS })
  })

  it('is answered with a message that stays, in its thread', async () => {
    const list: ApiStep = { 'GET /jobs': () => ({ body: { jobs: [summaryOf()], nextCursor: null } }) }
    await using slack = await openSlack([list])
    const inThread = { threadTs: MESSAGE_TS, ts: '1700000000.000300' }
    await slack.world.deliver('events_api', directMessage('list', inThread))
    await expect.poll(() => slack.world.callsOf('chat.postMessage').length).toBe(1)
    expect(slack.world.callsOf('chat.postMessage')[0]?.params).toMatchObject({
      channel: 'DU1',
      thread_ts: MESSAGE_TS,
    })
    expect(slack.world.callsOf('chat.postEphemeral')).toEqual([])
  })

  it.each([
    ['an edit', { subtype: 'message_changed' }],
    ['a bot', { bot_id: 'B7' }],
    ['the bot itself', { user: BOT_USER }],
  ])('ignores %s', async (_, event) => {
    await using slack = await openSlack([])
    await slack.world.deliver('events_api', directMessage('a todo app', { event }))
    await slack.stop()
    expect(slack.world.seen).toEqual([])
  })

  it('in other channels is ignored', async () => {
    await using slack = await openSlack([])
    await slack.world.deliver(
      'events_api',
      directMessage('a todo app', { channel: 'C1', event: { channel_type: 'channel' } }),
    )
    await slack.stop()
    expect(slack.world.seen).toEqual([])
  })
})

describe('the allow-list', () => {
  it.each([
    ['a command', 'slash_commands', command('a todo app', { team: 'T2' })],
    ['a button', 'interactive', press('cancel_job', jobId, { team: 'T2' })],
    ['a mention', 'events_api', mention('a todo app', { team: 'T2' })],
    [
      'a mention by a user flagged as a stranger',
      'events_api',
      mention('x y', { event: { user_profile: { team: 'T1', is_stranger: true } } }),
    ],
    [
      'a mention of unknown origin in a shared channel',
      'events_api',
      mention('x y', { shared: true, event: { team: null } }),
    ],
  ] as const)('refuses %s from another company', async (_, type, payload) => {
    await using slack = await openSlack([])
    await slack.world.deliver(type, payload)
    expect(wordsOf((await slack.world.nextShown()).content['blocks'])).toContain(
      'Only members of the workspace',
    )
  })

  it('accepts members in a shared channel', async () => {
    const calls: ApiCall[] = []
    await using slack = await openSlack([takes(calls)])
    await slack.world.deliver('events_api', mention('a todo app', { shared: true }))
    await slack.stop()
    expect(calls).toHaveLength(1)
  })

  it.each([
    ['bots', { bot_id: 'B7' }],
    ['workflows', { user: 'USLACKBOT' }],
  ])('does not reply to %s', async (_, event) => {
    await using slack = await openSlack([])
    await slack.world.deliver('events_api', mention('a todo app', { event }))
    await slack.stop()
    expect(slack.world.seen).toEqual([])
  })

  it.each([
    ['a user who is not listed', { SLACK_ALLOWED_USERS: 'U5, U6' }, 'on the list of people'],
    ['a channel that is not listed', { SLACK_ALLOWED_CHANNELS: 'C5,dm' }, 'allowed here'],
  ])('denies %s', async (_, env, words) => {
    await using slack = await openSlack([], { env })
    await slack.world.deliver('slash_commands', command('a todo app'))
    expect(wordsOf((await slack.world.nextShown()).content['blocks'])).toContain(words)
  })

  it('accepts listed users in listed channels and direct messages', async () => {
    const calls: ApiCall[] = []
    await using slack = await openSlack([takes(calls), takes(calls)], {
      env: { SLACK_ALLOWED_CHANNELS: 'C1,dm', SLACK_ALLOWED_USERS: 'U1' },
    })
    await slack.world.deliver('slash_commands', command('a todo app'))
    await slack.world.deliver('slash_commands', command('a todo app', { channel: 'DU1' }))
    await slack.stop()
    expect(calls).toHaveLength(2)
  })

  it('lets members of an admin group cancel, looked up once', async () => {
    const looks = {
      [`GET /jobs/${jobId}`]: () => ({ body: viewOf() }),
      [`GET /jobs/${jobId}/request`]: () => ({ body: recordOf() }),
    }
    const cancelled = { [`DELETE /jobs/${jobId}`]: () => ({ body: viewOf({ state: 'cancelled' }) }) }
    await using slack = await openSlack([looks, cancelled, looks], { env: { SLACK_ADMIN_GROUPS: 'S1' } })
    const { world } = slack
    world.groups.set('S1', ['U8'])
    await world.deliver('interactive', press('cancel_job', jobId, { user: 'U8' }))
    expect(wordsOf((await world.nextShown()).content['blocks'])).toContain('Cancelled')
    await world.deliver('interactive', press('cancel_job', jobId, { user: 'U2' }))
    const { content } = await world.nextShown(1)
    expect(JSON.stringify(content['blocks'])).toContain('"usergroup_id":"S1"')
    expect(world.callsOf('usergroups.users.list')).toHaveLength(1)
  })

  it('treats no one as an admin if the group lookup fails', async () => {
    await using slack = await openSlack(
      [
        {
          [`GET /jobs/${jobId}`]: () => ({ body: viewOf() }),
          [`GET /jobs/${jobId}/request`]: () => ({ body: recordOf() }),
        },
      ],
      { env: { SLACK_ADMIN_GROUPS: 'S1' } },
    )
    slack.world.faults.set('usergroups.users.list', 'missing_scope')
    await slack.world.deliver('interactive', press('cancel_job', jobId, { user: 'U2' }))
    expect(wordsOf((await slack.world.nextShown()).content['blocks'])).toContain('Only')
  })
})

describe('App Home', () => {
  it('shows a person’s jobs with their buttons', async () => {
    const jobs = [summaryOf(), summaryOf({ jobId: otherJobId, state: 'failed', prompt: 'x'.repeat(20_000) })]
    let query = {}
    await using slack = await openSlack([
      {
        'GET /jobs': (call) => {
          query = call.query
          return { body: { jobs, nextCursor: null } }
        },
      },
    ])
    await slack.world.deliver('events_api', homeOpened())
    const { via, content } = await slack.world.nextShown()
    expect(via).toBe('home')
    expect(query).toEqual({ requester: 'slack:T1:U1', limit: '10' })
    expect(buttonsOf(content).map(({ action, value }) => [action, value])).toEqual([
      ['new_backend', ''],
      ['refresh_home', ''],
      ['home_settings', 'workspace'],
      ['home_settings', 'person'],
      ['job_details', jobId],
      ['cancel_job', jobId],
      ['retry_job', otherJobId],
      ['job_details', otherJobId],
    ])
  })

  it('says so while the API is unavailable', async () => {
    await using slack = await openSlack([], { apiUrl: NOBODY })
    await slack.world.deliver('events_api', homeOpened())
    expect(wordsOf((await slack.world.nextShown()).content['blocks'])).toContain('Can’t load your jobs')
  })

  it('shows the reply to its buttons', async () => {
    await using slack = await openSlack([
      {
        [`GET /jobs/${jobId}`]: () => ({ body: viewOf() }),
        [`GET /jobs/${jobId}/request`]: () => ({ body: recordOf() }),
      },
      { [`DELETE /jobs/${jobId}`]: () => ({ body: viewOf({ state: 'cancelled' }) }) },
      { 'GET /jobs': () => ({ body: { jobs: [summaryOf({ state: 'cancelled' })], nextCursor: null } }) },
    ])
    await slack.world.deliver('interactive', press('cancel_job', jobId, { home: true }))
    const { via, content } = await slack.world.nextShown()
    expect(via).toBe('home')
    expect(wordsOf(content['blocks'])).toContain('Cancelled.')
  })

  it('has a form whose job replies in direct messages', async () => {
    const calls: ApiCall[] = []
    const jobs = () => ({ body: { jobs: [summaryOf()], nextCursor: null } })
    await using slack = await openSlack([takes(calls), { 'GET /jobs': jobs }])
    await slack.world.deliver('interactive', press('new_backend', '', { home: true }))
    const { content } = await slack.world.nextShown()
    const metadata = String(content['private_metadata'])
    await slack.world.deliver('interactive', submission({ prompt: 'a shop' }, { metadata }))
    expect(wordsOf((await slack.world.nextShown(1)).content['blocks'])).toContain('in our direct messages')
    expect(calls[0]?.body?.origin).toEqual({ ...slackOrigin, channelId: 'DU1' })
  })
})

describe('a button', () => {
  it.each([['send_again'], ['edit_request'], ['send_in_dm']])(
    'that is too old says so: %s',
    async (action) => {
      await using slack = await openSlack([])
      await slack.world.deliver('interactive', press(action, 'from-another-version'))
      expect(wordsOf((await slack.world.nextShown()).content['blocks'])).toContain('has expired')
    },
  )

  it('retries in the thread of the button, with the person who clicked it as the requester', async () => {
    const calls: ApiCall[] = []
    await using slack = await openSlack(
      [
        {
          [`GET /jobs/${jobId}`]: () => ({ body: viewOf({ state: 'cancelled' }) }),
          [`GET /jobs/${jobId}/request`]: () => ({ body: recordOf() }),
        },
        takes(calls, otherJobId),
      ],
      { env: { SLACK_ADMINS: 'U9' } },
    )
    await slack.world.deliver('interactive', press('retry_job', jobId, { user: 'U9' }))
    await slack.world.nextShown()
    expect(calls[0]?.body?.origin).toEqual({ ...slackOrigin, userId: 'U9', threadTs: MESSAGE_TS })
  })

  it('gets a reply when the handler fails', async () => {
    await using slack = await openSlack([])
    slack.world.faults.set('views.open', 'expired_trigger_id')
    await slack.world.deliver('interactive', press('new_backend', '', { home: true }))
    const { content } = await slack.world.nextShown()
    expect(wordsOf(content['blocks'])).toContain('went wrong on our side')
  })
})

describe('events over HTTP', () => {
  it('are accepted when they are signed', async () => {
    const calls: ApiCall[] = []
    const { step, acknowledged } = takesAfterwards(calls)
    await using slack = await openSlack([step], { mode: 'http' })
    const { status } = await post(slack.address, command('a todo app', { triggerId: '13.5' }), {
      kind: 'command',
    })
    expect(status).toBe(200)
    acknowledged()
    await slack.stop()
    expect(calls[0]).toMatchObject({ idempotencyKey: 'slack:trigger:13.5', body: { origin: slackOrigin } })
  })

  it('are rejected when forged, late or unsigned', async () => {
    await using slack = await openSlack([], { mode: 'http' })
    const payload = command('a todo app')
    const forged = await post(slack.address, payload, { kind: 'command', secret: 'f'.repeat(32) })
    const late = await post(slack.address, payload, { kind: 'command', at: Date.now() - 301_000 })
    const other = await post(slack.address, payload, {
      kind: 'command',
      headers: { 'x-slack-signature': 'v0=00' },
    })
    const unsigned = await fetch(slack.address, { method: 'POST', body: '{}' })
    expect([forged.status, late.status, other.status, unsigned.status]).toEqual([401, 401, 401, 401])
  })

  it('start one job when replayed, and are rejected when too late', async () => {
    const calls: ApiCall[] = []
    await using slack = await openSlack([takes(calls), takes(calls)], { mode: 'http' })
    const payload = mention('a todo app', { eventId: 'Ev8' })
    for (const at of [Date.now(), Date.now() - 240_000])
      expect((await post(slack.address, payload, { kind: 'event', at })).status).toBe(200)
    expect((await post(slack.address, payload, { kind: 'event', at: Date.now() - 301_000 })).status).toBe(401)
    await slack.stop()
    const key = `slack:message:C1:${MESSAGE_TS}`
    expect(calls.map(({ idempotencyKey }) => idempotencyKey)).toEqual([key, key])
  })

  it('validate the form in the HTTP response', async () => {
    await using slack = await openSlack([], { mode: 'http' })
    const metadata = JSON.stringify({ channelId: 'C1', threadTs: null, responseUrl: null })
    const reply = await post(slack.address, submission({ prompt: '' }, { metadata }), { kind: 'interactive' })
    expect(JSON.parse(reply.body)).toMatchObject({ response_action: 'errors' })
  })

  it('respond to Slack’s URL verification', async () => {
    await using slack = await openSlack([], { mode: 'http' })
    const reply = await post(slack.address, { type: 'url_verification', challenge: 'c1' }, { kind: 'event' })
    expect(JSON.parse(reply.body)).toEqual({ challenge: 'c1' })
  })
})
