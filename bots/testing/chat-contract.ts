// Longer than most files: the list of guarantees that every chat keeps.
import { JobRecord, requesterOf, type Origin } from '#contract'
import { describe, expect, it } from 'vitest'
import { jobId, otherJobId, recordOf, report, summaryOf, viewOf } from './jobs.ts'
import { queued, refused, type ApiCall, type ApiStep } from './scripted-api.ts'

/** The requester of the job, another user, or a configured admin. */
export type Person = 'requester' | 'stranger' | 'admin'
/** A reply that a user received: its whole text and its buttons. */
export type ReceivedReply = {
  readonly text: string
  readonly buttons: readonly { readonly action: string; readonly jobId: string }[]
}

/** A chat with the bot, on an API that follows a script. Disposing checks that the script was followed. */
export type ChatDriver = AsyncDisposable & {
  /** Runs the command with `text`. The same `delivery` repeats the same delivery. */
  command(text: string, options?: { by?: Person; delivery?: string }): Promise<void>
  press(action: string, jobId: string, by?: Person): Promise<void>
  /** The next reply to anyone. */
  nextReply(): Promise<ReceivedReply>
  /** The number of replies so far, once work in progress is done. */
  countReplies(): Promise<number>
  /** The origin of a user's jobs. */
  originOf(by: Person): Origin
  /** The origin of a job in another workspace or on another server. */
  originElsewhere(): Origin
  /** The requester's name as replies show it. */
  readonly requesterName: string
}

const NOT_FOUND = 'Job not found'

/** The API's response for an unknown job. Both requests are concurrent, and the first refusal waits for the other one. */
export function notFound(): ApiStep {
  const asked = Promise.withResolvers<void>()
  return {
    [`GET /jobs/${jobId}`]: async () => {
      await asked.promise
      return refused(404, 'job_not_found', 'No job has this id.')
    },
    [`GET /jobs/${jobId}/request`]: () => {
      asked.resolve()
      return { body: recordOf() }
    },
  }
}

/** The guarantees of every chat. `open` starts a chat on a scripted API, or on an unreachable one. */
export function chatContract(
  name: string,
  open: (steps: readonly ApiStep[] | 'unreachable') => Promise<ChatDriver>,
): void {
  /** The two requests that load a job before it is shown or changed. */
  const lookUpJob = (
    chat: () => ChatDriver,
    view = viewOf(),
    origin = () => chat().originOf('requester'),
  ): ApiStep => ({
    [`GET /jobs/${jobId}`]: () => ({ body: view }),
    [`GET /jobs/${jobId}/request`]: () => ({ body: recordOf({ origin: origin() }) }),
  })

  describe(`${name}, like every chat`, () => {
    it('turns a prompt into one job, and leaves the replies to the notifier', async () => {
      const calls: ApiCall[] = []
      const take = (call: ApiCall) => {
        calls.push(call)
        return queued(jobId)
      }
      await using chat = await open([{ 'POST /generate-backend': take }])
      await chat.command('list of books api')
      expect(await chat.countReplies()).toBe(0)
      expect(calls[0]?.body).toMatchObject({
        prompt: 'list of books api',
        origin: chat.originOf('requester'),
      })
      expect(calls[0]?.idempotencyKey).toMatch(/^[\x21-\x7e]{1,200}$/)
    })

    it('uses one idempotency key for a repeated delivery, and two for two deliveries', async () => {
      const keys: (string | null)[] = []
      const take = (call: ApiCall) => {
        keys.push(call.idempotencyKey)
        return queued(jobId)
      }
      const step = { 'POST /generate-backend': take }
      await using chat = await open([step, step, step])
      for (const delivery of ['a', 'a', 'b']) await chat.command('a todo app', { delivery })
      expect(await chat.countReplies()).toBe(0)
      expect(keys).toHaveLength(3)
      expect(new Set(keys).size).toBe(2)
    })

    it('shows help', async () => {
      await using chat = await open([])
      await chat.command('help')
      const { text } = await chat.nextReply()
      for (const part of ['list', 'status', 'cancel', 'retry', 'quotation marks'])
        expect(text).toContain(part)
    })

    it('repeats the API’s message for invalid input', async () => {
      const message = 'prompt has 20,001 characters, but at most 20,000 are accepted.'
      await using chat = await open([
        { 'POST /generate-backend': () => refused(400, 'invalid_request', message, [message]) },
      ])
      await chat.command('x')
      expect((await chat.nextReply()).text).toContain(message.replace('prompt', 'Your description'))
    })

    it('repeats the API’s message when a limit is reached, and offers to try again', async () => {
      const message = 'You have asked for 20 backends today, and 20 a day are allowed.'
      await using chat = await open([
        { 'POST /generate-backend': () => refused(429, 'jobs_per_day', message) },
      ])
      await chat.command('a todo app')
      const { text, buttons } = await chat.nextReply()
      expect(text).toContain(message)
      expect(text).toContain('Nothing was started.')
      expect(buttons.map(({ action }) => action)).toEqual(['send_again'])
    })

    it('offers no button where a limit resets only in hours', async () => {
      const message =
        'You have requested 20 backends today; the limit is 20 a day. Resets at 00:00 UTC, in 9 h 3 min.'
      await using chat = await open([
        {
          'POST /generate-backend': () => ({
            ...refused(429, 'jobs_per_day', message),
            headers: { 'retry-after': String(9 * 3600) },
          }),
        },
      ])
      await chat.command('a todo app')
      const { text, buttons } = await chat.nextReply()
      expect(text).toContain(message)
      expect(buttons).toEqual([])
    })

    it('says who can fix it when the bot is not authorized', async () => {
      await using chat = await open([
        { 'POST /generate-backend': () => refused(401, 'key_missing', 'Send it as Authorization: Bearer.') },
      ])
      await chat.command('a todo app')
      const { text } = await chat.nextReply()
      expect(text).toContain('An admin of it has to fix that')
      expect(text).not.toContain('Bearer')
    })

    it('retries by itself while the queue is unavailable', async () => {
      const keys: (string | null)[] = []
      const away = (call: ApiCall) => {
        keys.push(call.idempotencyKey)
        return refused(503, 'queue_unavailable', 'The queue does not answer at the moment.')
      }
      await using chat = await open([
        { 'POST /generate-backend': away },
        {
          'POST /generate-backend': (call) => {
            keys.push(call.idempotencyKey)
            return queued(jobId)
          },
        },
      ])
      await chat.command('a todo app')
      expect(await chat.countReplies()).toBe(0)
      expect(new Set(keys).size).toBe(1)
    })

    it('says that nothing was started when the API is unreachable, and offers to try again', async () => {
      await using chat = await open('unreachable')
      await chat.command('a todo app')
      const { text, buttons } = await chat.nextReply()
      expect(text).toMatch(/could not be queued/)
      expect(text).toMatch(/nothing was started/)
      expect(buttons.map(({ action }) => action)).toEqual(['send_again'])
    })

    it('lists the user’s own jobs', async () => {
      let query: ApiCall['query'] = {}
      await using chat = await open([
        {
          'GET /jobs': (call) => {
            query = call.query
            return { body: { jobs: [summaryOf()], nextCursor: jobId } }
          },
        },
      ])
      await chat.command('list')
      const { text, buttons } = await chat.nextReply()
      expect(query).toEqual({ requester: requesterOf(chat.originOf('requester')), limit: '10' })
      expect(text).toContain('1. a todo app · running, 45%')
      expect(text).not.toContain(jobId)
      expect(buttons).toEqual([{ action: 'job_details', jobId }])
      expect(text).toContain('Older jobs')
    })

    it('shows the status of the latest job, with its actions', async () => {
      await using chat = await open([
        { 'GET /jobs': () => ({ body: { jobs: [summaryOf()], nextCursor: null } }) },
        { [`GET /jobs/${jobId}`]: () => ({ body: viewOf() }) },
      ])
      await chat.command('status')
      const { text, buttons } = await chat.nextReply()
      expect(text).toContain('Now: Write the project, 12 files')
      expect(buttons).toEqual([
        { action: 'job_details', jobId },
        { action: 'cancel_job', jobId },
      ])
    })

    it.each([['status'], ['cancel'], ['retry']])('reports a mistyped job ID: %s', async (word) => {
      await using chat = await open([])
      await chat.command(`${word} 01jd8q4x`)
      expect((await chat.nextReply()).text).toContain('No job has the id')
    })

    it('says so when a job no longer exists', async () => {
      await using chat = await open([notFound()])
      await chat.press('job_details', jobId)
      expect((await chat.nextReply()).text).toContain(NOT_FOUND)
    })

    const requests: [what: string, send: (chat: ChatDriver, by: Person) => Promise<void>][] = [
      ['status', (chat, by) => chat.command(`status ${jobId}`, { by })],
      ['cancel', (chat, by) => chat.command(`cancel ${jobId}`, { by })],
      ['retry', (chat, by) => chat.command(`retry ${jobId}`, { by })],
      ['Details', (chat, by) => chat.press('job_details', jobId, by)],
      ['Cancel', (chat, by) => chat.press('cancel_job', jobId, by)],
      ['Retry', (chat, by) => chat.press('retry_job', jobId, by)],
    ]
    it.each(requests)(
      'replies the same for a job from elsewhere as for an unknown one: %s',
      async (_what, send) => {
        const secret = viewOf({ prompt: 'a plan of ours', state: 'failed' })
        const replies: string[] = []
        for (const where of ['elsewhere', 'nowhere']) {
          await using chat: ChatDriver = await open([
            where === 'nowhere'
              ? notFound()
              : lookUpJob(
                  () => chat,
                  secret,
                  () => chat.originElsewhere(),
                ),
          ])
          await send(chat, 'stranger')
          const { text, buttons } = await chat.nextReply()
          expect(buttons).toEqual([])
          replies.push(text)
        }
        expect(replies[0]).toBe(replies[1])
        expect(replies[0]).toContain(NOT_FOUND)
      },
    )

    it.each<[Person]>([['requester'], ['admin']])('lets the %s cancel', async (by) => {
      await using chat: ChatDriver = await open([
        lookUpJob(() => chat),
        { [`DELETE /jobs/${jobId}`]: () => ({ body: viewOf({ state: 'cancelled' }) }) },
      ])
      await chat.press('cancel_job', jobId, by)
      expect((await chat.nextReply()).text).toContain('Cancelled')
    })

    it.each([['cancel_job'], ['retry_job']])(
      'denies %s to everyone else, and says who can',
      async (action) => {
        await using chat: ChatDriver = await open([lookUpJob(() => chat)])
        await chat.press(action, jobId, 'stranger')
        const { text, buttons } = await chat.nextReply()
        expect(text).toContain('Only')
        expect(text).toContain(chat.requesterName)
        expect(buttons).toEqual([])
      },
    )

    it('cancels by command as by button', async () => {
      await using chat: ChatDriver = await open([
        { 'GET /jobs': () => ({ body: { jobs: [summaryOf()], nextCursor: null } }) },
        lookUpJob(() => chat),
        { [`DELETE /jobs/${jobId}`]: () => ({ body: viewOf({ state: 'cancelled' }) }) },
      ])
      await chat.command('cancel')
      expect((await chat.nextReply()).text).toContain('Cancelled')
    })

    it('asks which of two jobs to cancel', async () => {
      const jobs = [summaryOf(), summaryOf({ jobId: otherJobId })]
      const list = { 'GET /jobs': () => ({ body: { jobs, nextCursor: null } }) }
      await using chat = await open([list, list])
      await chat.command('cancel')
      const { text, buttons } = await chat.nextReply()
      expect(text).toContain('Which one should I cancel?')
      expect(buttons).toEqual([
        { action: 'cancel_job', jobId },
        { action: 'cancel_job', jobId: otherJobId },
      ])
    })

    it('says that a job has ended when its old button is pressed', async () => {
      await using chat: ChatDriver = await open([
        lookUpJob(() => chat, viewOf({ state: 'completed', report })),
      ])
      await chat.press('cancel_job', jobId)
      expect((await chat.nextReply()).text).toContain('already done')
    })

    it('says that a job has ended when it ends while it is being cancelled', async () => {
      await using chat: ChatDriver = await open([
        lookUpJob(() => chat),
        { [`DELETE /jobs/${jobId}`]: () => refused(409, 'job_finished', 'The job was completed.') },
      ])
      await chat.press('cancel_job', jobId)
      expect((await chat.nextReply()).text).toContain('The job was completed.')
    })

    it('retries with what was asked since: words about the plan, then the changes', async () => {
      const calls: ApiCall[] = []
      const changes: ApiCall[] = []
      const asked = { ...recordOf(), planChanges: { words: ['todos have tags'], options: { auth: 'jwt' } } }
      const noted = { status: 202, body: { message: '', jobId: otherJobId, waiting: 1, appliedBy: null } }
      await using chat: ChatDriver = await open([
        {
          [`GET /jobs/${jobId}`]: () => ({ body: viewOf({ state: 'cancelled' }) }),
          [`GET /jobs/${jobId}/request`]: () => ({
            body: { ...asked, origin: chat.originOf('requester'), droppedChanges: ['add due dates'] },
          }),
        },
        { 'POST /generate-backend': (call) => (calls.push(call), queued(otherJobId)) },
        { [`POST /jobs/${otherJobId}/changes`]: (call) => (changes.push(call), noted) },
      ])
      await chat.press('retry_job', jobId)
      expect((await chat.nextReply()).text).toContain('Retrying, then the change from before.')
      expect(calls[0]?.body).toMatchObject({
        prompt: 'a todo app\n\ntodos have tags',
        options: { auth: 'jwt' },
      })
      expect(changes[0]?.body).toMatchObject({ prompt: 'add due dates' })
      expect(changes[0]?.idempotencyKey).toBeTruthy()
    })

    it('retries a failed job with its whole request', async () => {
      const calls: ApiCall[] = []
      await using chat: ChatDriver = await open([
        {
          [`GET /jobs/${jobId}`]: () => ({ body: viewOf({ state: 'failed' }) }),
          [`GET /jobs/${jobId}/request`]: () => ({
            body: JobRecord.parse({
              ...recordOf({ origin: chat.originOf('requester') }),
              options: { name: 'shop', auth: 'jwt' },
              spec: 'create table a (id int)',
            }),
          }),
        },
        {
          'POST /generate-backend': (call) => {
            calls.push(call)
            return queued(otherJobId)
          },
        },
      ])
      await chat.press('retry_job', jobId)
      const { text, buttons } = await chat.nextReply()
      expect(text).toContain('Retrying.')
      expect(buttons).toEqual([{ action: 'job_details', jobId: otherJobId }])
      expect(calls[0]?.body).toMatchObject({
        prompt: 'a todo app',
        options: { name: 'shop', auth: 'jwt' },
        spec: 'create table a (id int)',
      })
      expect(calls[0]?.idempotencyKey).toBe(`retry:${jobId}`)
    })

    it('retries a refinement as a refinement of the same job', async () => {
      const calls: ApiCall[] = []
      await using chat: ChatDriver = await open([
        {
          [`GET /jobs/${jobId}`]: () => ({ body: viewOf({ state: 'failed' }) }),
          [`GET /jobs/${jobId}/request`]: () => ({
            body: recordOf({
              origin: chat.originOf('requester'),
              prompt: 'add comments to todos',
              options: { designer: 'offline' },
              parent: otherJobId,
              version: 2,
            }),
          }),
        },
        {
          [`POST /jobs/${otherJobId}/refine`]: (call) => {
            calls.push(call)
            return queued('01jd8q4x7zk3m5n9p2r6s8t0vy')
          },
        },
      ])
      await chat.press('retry_job', jobId)
      expect((await chat.nextReply()).text).toContain('Retrying')
      expect(calls[0]?.body).toMatchObject({
        prompt: 'add comments to todos',
        options: { designer: 'offline' },
      })
      expect(calls[0]?.idempotencyKey).toBe(`retry:${jobId}`)
    })

    it('says so when a job was already retried', async () => {
      await using chat: ChatDriver = await open([
        lookUpJob(() => chat, viewOf({ state: 'failed' })),
        { 'POST /generate-backend': () => queued(otherJobId, { 'idempotency-replayed': 'true' }) },
      ])
      await chat.press('retry_job', jobId)
      const { text, buttons } = await chat.nextReply()
      expect(text).toContain('already retried')
      expect(buttons).toEqual([{ action: 'job_details', jobId: otherJobId }])
    })

    it('does not retry a job that has not ended', async () => {
      await using chat: ChatDriver = await open([lookUpJob(() => chat)])
      await chat.press('retry_job', jobId)
      expect((await chat.nextReply()).text).toContain('is still running')
    })

    it('shows details: stages, checks, assumptions and what was not built', async () => {
      await using chat: ChatDriver = await open([
        lookUpJob(() => chat, viewOf({ state: 'completed', report })),
      ])
      await chat.press('job_details', jobId, 'stranger')
      const { text } = await chat.nextReply()
      for (const part of [
        'Write the project, active',
        'tests passed: 12 tests passed',
        'A todo belongs to nobody.',
        'make it pop',
        'POST /todos/share',
        `GET /jobs/${jobId}`,
      ])
        expect(text).toContain(part)
    })

    it('pages details that are long, routes as a table among them', async () => {
      const routes = Array.from({ length: 70 }, (_, at) => ({
        method: 'GET',
        path: `/things/${at}/:rightId`,
      }))
      const view = viewOf({ state: 'completed', report: { ...report, routes } })
      const looks = Array.from({ length: 4 }, () => lookUpJob(() => chat, view))
      await using chat: ChatDriver = await open(looks)
      const seen: string[] = []
      for (const [action, page] of [
        ['job_details', 0],
        ['next_page', 1],
        ['next_page', 2],
        ['previous_page', 1],
      ] as const) {
        await chat.press(action, action === 'job_details' ? jobId : `${jobId}.${page}`)
        const { text, buttons } = await chat.nextReply()
        expect(text).toContain(`Page ${page + 1} of `)
        const turns = [`${jobId}.${page - 1}`, `${jobId}.${page + 1}`].filter((one) => !one.endsWith('.-1'))
        for (const { jobId: to } of buttons) expect(turns).toContain(to)
        seen.push(text)
      }
      expect(seen[3]).toBe(seen[1])
      for (let at = 0; at < 70; at++) expect(seen.join('\n')).toContain(`GET    /things/${at}/:id`)
    })

    it('replies to a button while the API is unreachable', async () => {
      await using chat = await open('unreachable')
      await chat.press('cancel_job', jobId)
      expect((await chat.nextReply()).text).toMatch(/is unavailable/)
    })
  })
}
