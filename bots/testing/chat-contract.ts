// Longer than most files: a list, one promise of every chat after the other.
import { JobRecord, requesterOf, type Origin } from '#contract'
import { describe, expect, it } from 'vitest'
import { jobId, otherJobId, recordOf, report, summaryOf, viewOf } from './jobs.ts'
import { queued, refused, type ApiCall, type ApiStep } from './scripted-api.ts'

/** Who speaks: the person whose job it is, somebody else, or a configured admin. */
export type Person = 'requester' | 'stranger' | 'admin'
/** What a person was told: every word, and what can be pressed below. */
export type ReceivedReply = {
  readonly text: string
  readonly buttons: readonly { readonly action: string; readonly jobId: string }[]
}

/** A chat with the bot in it, in front of an API that follows a script. Disposing it checks that the script was kept. */
export type ChatDriver = AsyncDisposable & {
  /** Says something after the command; `delivery` names a delivery, and the same name is the same delivery again. */
  command(text: string, options?: { by?: Person; delivery?: string }): Promise<void>
  press(action: string, jobId: string, by?: Person): Promise<void>
  /** The next thing that somebody was told. */
  nextReply(): Promise<ReceivedReply>
  /** How often anybody was told something, once all that has begun is done. */
  countReplies(): Promise<number>
  /** Where a person's jobs come from. */
  originOf(by: Person): Origin
  /** Where somebody's jobs come from in another workspace, on another server. */
  originElsewhere(): Origin
  /** The name of the requester, as an answer gives it. */
  readonly requesterName: string
}

const NOT_FOUND = 'not known any more'

/** What the API says of a job that never was: both questions come at once, and the first refusal waits for the other. */
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

/** What every chat must do alike. `open` gives a chat on a scripted API, or on one that does not answer. */
export function chatContract(
  name: string,
  open: (steps: readonly ApiStep[] | 'unreachable') => Promise<ChatDriver>,
): void {
  /** The two look-ups before anything is said of a job that was named, or done to it. */
  const lookUpJob = (
    chat: () => ChatDriver,
    view = viewOf(),
    origin = () => chat().originOf('requester'),
  ): ApiStep => ({
    [`GET /jobs/${jobId}`]: () => ({ body: view }),
    [`GET /jobs/${jobId}/request`]: () => ({ body: recordOf({ origin: origin() }) }),
  })

  describe(`${name}, as every chat`, () => {
    it('turns a prompt into one job, and leaves the talking to the follower', async () => {
      const calls: ApiCall[] = []
      const take = (call: ApiCall) => {
        calls.push(call)
        return queued(jobId)
      }
      await using chat = await open([{ 'POST /generate-backend': take }])
      await chat.command('list of books api')
      expect(await chat.countReplies()).toBe(0)
      expect(calls[0]?.body).toEqual({ prompt: 'list of books api', origin: chat.originOf('requester') })
      expect(calls[0]?.idempotencyKey).toMatch(/^[\x21-\x7e]{1,200}$/)
    })

    it('sends a delivery that comes twice under one key, and two deliveries under two', async () => {
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

    it('says how it is used', async () => {
      await using chat = await open([])
      await chat.command('help')
      const { text } = await chat.nextReply()
      for (const part of ['list', 'status', 'cancel', 'retry', 'quotation marks'])
        expect(text).toContain(part)
    })

    it('repeats the API’s own words for bad input', async () => {
      const message = 'prompt has 20,001 characters, but at most 20,000 are accepted.'
      await using chat = await open([
        { 'POST /generate-backend': () => refused(400, 'invalid_request', message, [message]) },
      ])
      await chat.command('x')
      expect((await chat.nextReply()).text).toContain(message)
    })

    it('says which limit is reached, in the API’s own words, and offers to try again', async () => {
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

    it('says who can mend it when the API does not let the bot in', async () => {
      await using chat = await open([
        { 'POST /generate-backend': () => refused(401, 'key_missing', 'Send it as Authorization: Bearer.') },
      ])
      await chat.command('a todo app')
      const { text } = await chat.nextReply()
      expect(text).toContain('Whoever runs it must give the bot an API key')
      expect(text).not.toContain('Bearer')
    })

    it('asks once more by itself while the queue is away', async () => {
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

    it('says that nothing was started when the API is away, and offers to try again', async () => {
      await using chat = await open('unreachable')
      await chat.command('a todo app')
      const { text, buttons } = await chat.nextReply()
      expect(text).toMatch(/could not be queued/)
      expect(text).toMatch(/nothing was started/)
      expect(buttons.map(({ action }) => action)).toEqual(['send_again'])
    })

    it('lists a person’s own jobs', async () => {
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
      const { text } = await chat.nextReply()
      expect(query).toEqual({ requester: requesterOf(chat.originOf('requester')), limit: '10' })
      expect(text).toContain(jobId)
      expect(text).toContain('running, 45 %')
      expect(text).toContain('Older ones')
    })

    it('says how the newest job is doing, with what can be done', async () => {
      await using chat = await open([
        { 'GET /jobs': () => ({ body: { jobs: [summaryOf()], nextCursor: null } }) },
        { [`GET /jobs/${jobId}`]: () => ({ body: viewOf() }) },
      ])
      await chat.command('status')
      const { text, buttons } = await chat.nextReply()
      expect(text).toContain('Now: render, 12 files')
      expect(buttons).toEqual([
        { action: 'job_details', jobId },
        { action: 'cancel_job', jobId },
      ])
    })

    it.each([['status'], ['cancel'], ['retry']])('knows no job with a mistyped id: %s', async (word) => {
      await using chat = await open([])
      await chat.command(`${word} 01jd8q4x`)
      expect((await chat.nextReply()).text).toContain('No job has the id')
    })

    it('says so when a job is not known any more', async () => {
      await using chat = await open([notFound()])
      await chat.press('job_details', jobId)
      expect((await chat.nextReply()).text).toContain(NOT_FOUND)
    })

    const asks: [what: string, ask: (chat: ChatDriver, by: Person) => Promise<void>][] = [
      ['status', (chat, by) => chat.command(`status ${jobId}`, { by })],
      ['cancel', (chat, by) => chat.command(`cancel ${jobId}`, { by })],
      ['retry', (chat, by) => chat.command(`retry ${jobId}`, { by })],
      ['Details', (chat, by) => chat.press('job_details', jobId, by)],
      ['Cancel', (chat, by) => chat.press('cancel_job', jobId, by)],
      ['Retry', (chat, by) => chat.press('retry_job', jobId, by)],
    ]
    it.each(asks)(
      'says of a job from elsewhere what it says of one that never was: %s',
      async (_what, ask) => {
        const secret = viewOf({ prompt: 'a plan of ours', state: 'failed' })
        const said: string[] = []
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
          await ask(chat, 'stranger')
          const { text, buttons } = await chat.nextReply()
          expect(buttons).toEqual([])
          said.push(text)
        }
        expect(said[0]).toBe(said[1])
        expect(said[0]).toContain(NOT_FOUND)
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
      'refuses %s to anybody else, and says who can',
      async (action) => {
        await using chat: ChatDriver = await open([lookUpJob(() => chat)])
        await chat.press(action, jobId, 'stranger')
        const { text, buttons } = await chat.nextReply()
        expect(text).toContain('Only')
        expect(text).toContain(chat.requesterName)
        expect(buttons).toEqual([])
      },
    )

    it('cancels by word as by button', async () => {
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
      await using chat = await open([{ 'GET /jobs': () => ({ body: { jobs, nextCursor: null } }) }])
      await chat.command('cancel')
      const { text } = await chat.nextReply()
      expect(text).toContain(`cancel ${jobId}`)
      expect(text).toContain(`cancel ${otherJobId}`)
    })

    it('says that a job has ended when its old button is pressed', async () => {
      await using chat: ChatDriver = await open([
        lookUpJob(() => chat, viewOf({ state: 'completed', report })),
      ])
      await chat.press('cancel_job', jobId)
      expect((await chat.nextReply()).text).toContain('done already')
    })

    it('says that a job has ended when it ends while it is being cancelled', async () => {
      await using chat: ChatDriver = await open([
        lookUpJob(() => chat),
        { [`DELETE /jobs/${jobId}`]: () => refused(409, 'job_finished', 'The job was completed.') },
      ])
      await chat.press('cancel_job', jobId)
      expect((await chat.nextReply()).text).toContain('The job was completed.')
    })

    it('tries a failed job again with everything that was asked for', async () => {
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
      expect((await chat.nextReply()).text).toContain(otherJobId)
      expect(calls[0]?.body).toMatchObject({
        prompt: 'a todo app',
        options: { name: 'shop', auth: 'jwt' },
        spec: 'create table a (id int)',
      })
      expect(calls[0]?.idempotencyKey).toBe(`retry:${jobId}`)
    })

    it('tries a refinement again as a refinement of the same job', async () => {
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
      expect((await chat.nextReply()).text).toContain('Trying again')
      expect(calls[0]?.body).toMatchObject({
        prompt: 'add comments to todos',
        options: { designer: 'offline' },
      })
      expect(calls[0]?.idempotencyKey).toBe(`retry:${jobId}`)
    })

    it('says so when a job was tried again already', async () => {
      await using chat: ChatDriver = await open([
        lookUpJob(() => chat, viewOf({ state: 'failed' })),
        { 'POST /generate-backend': () => queued(otherJobId, { 'idempotency-replayed': 'true' }) },
      ])
      await chat.press('retry_job', jobId)
      const { text, buttons } = await chat.nextReply()
      expect(text).toContain('tried again already')
      expect(buttons).toEqual([{ action: 'job_details', jobId: otherJobId }])
    })

    it('tries nothing again that has not ended', async () => {
      await using chat: ChatDriver = await open([lookUpJob(() => chat)])
      await chat.press('retry_job', jobId)
      expect((await chat.nextReply()).text).toContain('has not ended yet')
    })

    it('gives the details: stages, checks, assumptions and what was not understood', async () => {
      await using chat: ChatDriver = await open([
        lookUpJob(() => chat, viewOf({ state: 'completed', report })),
      ])
      await chat.press('job_details', jobId, 'stranger')
      const { text } = await chat.nextReply()
      for (const part of [
        'render active',
        'tests passed: 12 tests passed',
        'A todo belongs to nobody.',
        'make it pop',
        'POST /todos/share',
        'no cost',
        `GET /jobs/${jobId}`,
      ])
        expect(text).toContain(part)
    })

    it('answers a press while the API is away', async () => {
      await using chat = await open('unreachable')
      await chat.press('cancel_job', jobId)
      expect((await chat.nextReply()).text).toMatch(/cannot be reached/)
    })
  })
}
