import { describe, expect, it, vi } from 'vitest'
import type { JobState } from '#contract'
import { notFound, type ChatDriver, type Person } from './chat-contract.ts'
import { jobId, otherJobId, recordOf, summaryOf, viewOf } from './jobs.ts'
import { queued, refused, type ApiCall, type ApiStep } from './scripted-api.ts'

/** A chat in which a job can be refined, by a button, a form or a mention. */
export type RefiningChat = ChatDriver & {
  refine(jobId: string, prompt: string, options?: { by?: Person; delivery?: string }): Promise<void>
}

/** The guarantees of every chat for refinements. */
export function refineContract(
  name: string,
  open: (
    steps: readonly ApiStep[] | 'unreachable',
    options?: { teamRefines: boolean },
  ) => Promise<RefiningChat>,
): void {
  const route = `POST /jobs/${jobId}/refine`
  const changes = `POST /jobs/${jobId}/changes`
  const noted = (waiting: number) => ({ status: 202, body: { message: '', jobId, waiting, appliedBy: null } })
  const lookUpJob = (
    chat: () => RefiningChat,
    origin = () => chat().originOf('requester'),
    state: JobState = 'completed',
  ): ApiStep => ({
    [`GET /jobs/${jobId}`]: () => ({ body: viewOf({ state }) }),
    [`GET /jobs/${jobId}/request`]: () => ({ body: recordOf({ origin: origin() }) }),
  })

  describe(`refining in ${name}`, () => {
    it('turns a refinement into one job, and leaves the replies to the notifier', async () => {
      const calls: ApiCall[] = []
      await using chat: RefiningChat = await open([
        lookUpJob(() => chat),
        {
          [route]: (call) => {
            calls.push(call)
            return queued(otherJobId)
          },
        },
      ])
      await chat.refine(jobId, 'add comments to todos')
      expect(await chat.countReplies()).toBe(0)
      expect(calls[0]?.body).toMatchObject({
        prompt: 'add comments to todos',
        origin: { kind: chat.originOf('requester').kind },
      })
      expect(calls[0]?.idempotencyKey).toMatch(/^[\x21-\x7e]{1,200}$/)
    })

    it('uses one idempotency key for a repeated delivery', async () => {
      const keys: (string | null)[] = []
      const take: ApiStep = {
        [route]: (call) => {
          keys.push(call.idempotencyKey)
          return queued(otherJobId)
        },
      }
      await using chat: RefiningChat = await open([lookUpJob(() => chat), take, lookUpJob(() => chat), take])
      for (const times of [1, 2]) {
        await chat.refine(jobId, 'add comments', { delivery: 'a' })
        await vi.waitFor(() => expect(keys).toHaveLength(times), 5_000)
      }
      expect(await chat.countReplies()).toBe(0)
      expect(keys).toHaveLength(2)
      expect(new Set(keys).size).toBe(1)
    })

    it('is for the requester of the job: others learn who can do it', async () => {
      await using chat: RefiningChat = await open([lookUpJob(() => chat)])
      await chat.refine(jobId, 'drop everything', { by: 'stranger' })
      expect((await chat.nextReply()).text).toContain(chat.requesterName)
    })

    it('is for everyone there where a setting says so', async () => {
      await using chat: RefiningChat = await open(
        [lookUpJob(() => chat), { [route]: () => queued(otherJobId) }],
        { teamRefines: true },
      )
      await chat.refine(jobId, 'add comments', { by: 'stranger' })
      expect(await chat.countReplies()).toBe(0)
    })

    it('is allowed for admins too', async () => {
      await using chat: RefiningChat = await open([
        lookUpJob(() => chat),
        { [route]: () => queued(otherJobId) },
      ])
      await chat.refine(jobId, 'add comments', { by: 'admin' })
      expect(await chat.countReplies()).toBe(0)
    })

    it.each([
      [409, 'job_failed', 'The job failed, so there is nothing to refine.'],
      [410, 'source_gone', 'What the next version would be made from is not kept for this job.'],
    ])('repeats the API’s message when it is refused with %i', async (status, code, message) => {
      await using chat: RefiningChat = await open([
        lookUpJob(() => chat),
        { [route]: () => refused(status, code, message) },
      ])
      await chat.refine(jobId, 'add comments')
      expect((await chat.nextReply()).text).toContain(message)
    })

    it('says that an older version would be refined, and which one is newer', async () => {
      const newer: ApiStep = {
        'GET /jobs?parent': () => ({
          body: {
            jobs: [summaryOf({ jobId: otherJobId, state: 'completed', version: 2, parent: jobId })],
            nextCursor: null,
          },
        }),
      }
      await using chat: RefiningChat = await open([lookUpJob(() => chat), newer])
      await chat.refine(jobId, 'add comments')
      const { text, buttons } = await chat.nextReply()
      expect(text).toContain('This is version 1, and version 2 is newer.')
      expect(buttons.map(({ action }) => action)).toEqual(['refine_newest', 'refine_branch'])
    })

    it.each([
      [1, 'I’ll apply this once version 1 is ready.'],
      [2, 'That makes 2 changes'],
    ])('keeps a change while the version is being made: %i', async (waiting, words) => {
      const calls: ApiCall[] = []
      await using chat: RefiningChat = await open([
        lookUpJob(() => chat, undefined, 'active'),
        { [changes]: (call) => (calls.push(call), noted(waiting)) },
      ])
      await chat.refine(jobId, 'add comments')
      expect((await chat.nextReply()).text).toContain(words)
      expect(calls[0]?.body).toMatchObject({
        prompt: 'add comments',
        origin: { kind: chat.originOf('requester').kind },
      })
      expect(calls[0]?.idempotencyKey).toMatch(/^[\x21-\x7e]{1,200}$/)
    })

    it('refines when the version has become ready meanwhile', async () => {
      await using chat: RefiningChat = await open([
        lookUpJob(() => chat, undefined, 'active'),
        { [changes]: () => refused(409, 'job_completed', 'The job has completed: refine it instead.') },
        { [route]: () => queued(otherJobId) },
      ])
      await chat.refine(jobId, 'add comments')
      expect(await chat.countReplies()).toBe(0)
    })

    it('keeps no change of a person who may not refine', async () => {
      await using chat: RefiningChat = await open([lookUpJob(() => chat, undefined, 'active')])
      await chat.refine(jobId, 'drop everything', { by: 'stranger' })
      expect((await chat.nextReply()).text).toContain(chat.requesterName)
    })

    it('says so when the job no longer exists', async () => {
      await using chat = await open([notFound()])
      await chat.refine(jobId, 'add comments')
      expect((await chat.nextReply()).text).toContain('Job not found')
    })

    it('is denied in another workspace or on another server, without revealing the job', async () => {
      await using chat: RefiningChat = await open([
        lookUpJob(
          () => chat,
          () => chat.originElsewhere(),
        ),
      ])
      await chat.refine(jobId, 'add comments', { by: 'stranger' })
      expect((await chat.nextReply()).text).toContain('Job not found')
    })

    it('says that nothing was started when the API is unreachable', async () => {
      await using chat = await open('unreachable')
      await chat.refine(jobId, 'add comments')
      expect((await chat.nextReply()).text).toMatch(/nothing was started/)
    })
  })
}
