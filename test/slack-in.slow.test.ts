import { links } from '../api/testing/app.ts'
import { rm, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openQueueBackend } from '#queue/hosts/open-backend'
import { makeJobs } from '#queue/producer/jobs'
import { makeFileStore } from '#store/file-store'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createKey } from '../api/access/keys.ts'
import { buildApp } from '../api/app.ts'
import { readApiConfig } from '../api/config.ts'
import { openSlack } from '../bots/testing/slack/open-slack.ts'
import { command, homeOpened, mention, press, submission } from '../bots/testing/slack/payloads.ts'
import { buttonsOf, post, wordsOf } from '../bots/testing/slack/slack-world.ts'

const bots = createKey({ name: 'bots', scopes: ['bot'], expiresAt: null })

/** The real bot, under a key of its own, before the real API, store and embedded queue. No worker runs, so that jobs stay as submitted. */
async function openApi() {
  const stack = new AsyncDisposableStack()
  const log = pino({ level: 'silent' })
  const dataDir = await mkdtemp(join(tmpdir(), 'slack-in-'))
  stack.defer(() => rm(dataDir, { recursive: true, force: true }))
  const store = makeFileStore({ dir: join(dataDir, 'jobs') })
  const backend = stack.use(await openQueueBackend({ dataDir, production: false, log, embedded: 'only' }))
  const jobs = stack.use(makeJobs({ backend, store, log }))
  const app = buildApp({
    jobs,
    store,
    config: { ...readApiConfig({}), keys: [bots.key] },
    log,
    links,
    version: '1.0.0',
  })
  stack.defer(() => app.close())
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    url,
    jobs,
    store,
    /** A person's jobs, newest first. */
    of: async (user: string) => (await jobs.list({ requester: `slack:T1:${user}`, limit: 50 })).jobs,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

describe('Slack on the real API', () => {
  let api: Awaited<ReturnType<typeof openApi>>
  beforeAll(async () => {
    api = await openApi()
  })
  afterAll(() => api[Symbol.asyncDispose]())
  // Each test is a person of its own.
  let people = 0
  const person = () => `UP${++people}`
  const open = (mode: 'socket' | 'http' = 'socket') =>
    openSlack([], { apiUrl: api.url, mode, env: { API_KEY: bots.secret } })

  it.each(['socket', 'http'] as const)(
    'makes one job of a command that is delivered three times (%s)',
    async (mode) => {
      await using slack = await open(mode)
      const user = person()
      const payload = command('a todo app', { user })
      for (let time = 0; time < 3; time++)
        await (mode === 'socket'
          ? slack.world.deliver('slash_commands', payload)
          : post(slack.address, payload, { kind: 'command' }))
      await slack.stop()
      const jobs = await api.of(user)
      expect(jobs.map(({ prompt }) => prompt)).toEqual(['a todo app'])
      expect((await api.store.readRecord(jobs[0]!.jobId))?.origin).toEqual({
        kind: 'slack',
        teamId: 'T1',
        channelId: 'C1',
        userId: user,
        threadTs: null,
      })
      expect(slack.world.seen).toEqual([])
    },
  )

  it('creates one job for a redelivered mention with a file', async () => {
    await using slack = await open()
    const user = person()
    slack.world.files.set('F1', { type: 'text/plain', bytes: Buffer.from('create table a (id int);') })
    const files = [{ id: 'F1', name: 'a.sql', url_private_download: `${slack.world.origin}/files/F1` }]
    const payload = mention('a library', { user, files })
    for (let time = 0; time < 2; time++) await slack.world.deliver('events_api', payload)
    await slack.stop()
    const jobs = await api.of(user)
    expect(jobs).toHaveLength(1)
    expect((await api.store.readRecord(jobs[0]!.jobId))?.spec).toBe('create table a (id int);')
  })

  it('creates one job for a form that is submitted twice', async () => {
    await using slack = await open()
    const user = person()
    const metadata = JSON.stringify({ channelId: 'C1', threadTs: null, responseUrl: null })
    const payload = submission({ prompt: 'a shop', name: 'My Shop', auth: 'jwt' }, { user, metadata })
    for (let time = 0; time < 2; time++) await slack.world.deliver('interactive', payload)
    await slack.stop()
    const jobs = await api.of(user)
    expect(jobs).toHaveLength(1)
    expect((await api.store.readRecord(jobs[0]!.jobId))?.options).toEqual({ name: 'My Shop', auth: 'jwt' })
  })

  it('creates one job for a double click on “Try again”', async () => {
    await using slack = await open()
    const { world } = slack
    const user = person()
    world.outside.add('C7')
    await world.deliver(
      'slash_commands',
      command('a todo app', { user, channel: 'C7', responseUrl: world.responseUrl() }),
    )
    const [again] = buttonsOf((await world.nextShown()).content)
    world.outside.clear()
    for (let time = 0; time < 2; time++)
      await world.deliver('interactive', press('send_again', again!.value, { user, channel: 'C7' }))
    await slack.stop()
    expect(await api.of(user)).toHaveLength(1)
  })

  it('runs a job from command to cancel to retry, for its requester only', async () => {
    await using slack = await open()
    const { world } = slack
    const user = person()
    const replyAfter = async (after: number) => wordsOf((await world.nextShown(after)).content['blocks'])
    await world.deliver('slash_commands', command('a todo app', { user }))
    const jobId = await vi.waitFor(async () => (await api.of(user))[0]!.jobId)
    await world.deliver('slash_commands', command('status', { user }))
    expect(await replyAfter(0)).toContain('Queued')

    await world.deliver('interactive', press('cancel_job', jobId, { user: 'USTRANGER' }))
    expect(await replyAfter(1)).toContain('Only')
    expect((await api.jobs.view(jobId))?.state).toBe('waiting')
    await world.deliver('interactive', press('cancel_job', jobId, { user }))
    expect(await replyAfter(2)).toContain('Cancelled')
    await world.deliver('interactive', press('cancel_job', jobId, { user }))
    expect(await replyAfter(3)).toContain('already cancelled')

    await world.deliver('interactive', press('retry_job', jobId, { user }))
    await world.deliver('interactive', press('retry_job', jobId, { user }))
    const answers = [await replyAfter(4), await replyAfter(5)].sort()
    expect(answers[0]).toContain('Retrying')
    expect(answers[1]).toContain('This job was already retried')
    expect((await api.of(user)).map(({ state }) => state)).toEqual(['waiting', 'cancelled'])

    await world.deliver('events_api', homeOpened(user))
    expect(buttonsOf((await world.nextShown(6)).content).map(({ action }) => action)).toEqual([
      'new_backend',
      'refresh_home',
      'home_settings',
      'home_settings',
      'job_details',
      'cancel_job',
      'retry_job',
      'job_details',
    ])
  })

  it('shows the API’s message about a prompt that is too long', async () => {
    await using slack = await open()
    const { world } = slack
    await world.deliver(
      'slash_commands',
      command('word '.repeat(5_000), { user: person(), responseUrl: world.responseUrl() }),
    )
    expect(wordsOf((await world.nextShown()).content['blocks'])).toContain('the limit is 20,000')
  })
})
