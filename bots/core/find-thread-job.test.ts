import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import type { JobSummary } from '#contract'
import { jobId, otherJobId, summaryOf } from '../testing/jobs.ts'
import { findThreadJob } from './find-thread-job.ts'
import type { ThreadButton } from './inbound-chat.ts'

type Chat = Parameters<typeof findThreadJob<string>>[0]

/** Jobs that the API knows in the thread, newest first, and buttons that are read when it knows none. */
const chatWith = (jobs: readonly JobSummary[] | Error, buttons: readonly ThreadButton[] = []) =>
  ({
    log: pino({ level: 'silent' }),
    errorSummary: String,
    placeOf: (thread: string) => thread,
    jobCommands: {
      async jobsIn(place: string) {
        if (jobs instanceof Error) throw jobs
        return place === 'slack:T1:C1:17.1' ? jobs : []
      },
    },
    async *readButtons() {
      if (!(jobs instanceof Error) && jobs.length > 0) throw new Error('a page was read for nothing')
      yield* buttons
    },
  }) as unknown as Chat
const THREAD = 'slack:T1:C1:17.1'
const job = (id: string, state: JobSummary['state'], parent: string | null = null) =>
  summaryOf({ jobId: id, state, parent })

describe('the jobs of a thread', () => {
  it.each([
    ['waiting', otherJobId],
    ['active', otherJobId],
    ['completed', otherJobId],
    ['failed', jobId],
    ['cancelled', jobId],
  ] as const)('when the newest is %s', async (state, toRefine) => {
    const chat = chatWith([job(otherJobId, state), job(jobId, 'completed')])
    expect(await findThreadJob(chat, THREAD)).toEqual({ newest: otherJobId, toRefine })
  })

  it('refine what a failed refinement was made from, even when that is not known in the thread', async () => {
    const chat = chatWith([job(otherJobId, 'failed', jobId)])
    expect(await findThreadJob(chat, THREAD)).toEqual({ newest: otherJobId, toRefine: jobId })
  })

  it.each([
    ['completed', jobId],
    ['failed', otherJobId],
  ] as const)('when one that is %s is replied to', async (state, toRefine) => {
    const chat = chatWith([job(otherJobId, 'completed'), job(jobId, state)])
    expect(await findThreadJob(chat, THREAD, jobId)).toEqual({ newest: jobId, toRefine })
  })

  it.each([
    ['running', 'cancel_job', otherJobId],
    ['failed', 'retry_job', jobId],
    ['completed', 'refine_job', otherJobId],
  ])('come from the buttons of a thread that the API does not know: %s', async (_, action, toRefine) => {
    const buttons = [
      { action: 'refine_job', value: jobId },
      { action, value: otherJobId },
      { action: 'job_details', value: otherJobId },
    ]
    expect(await findThreadJob(chatWith([], buttons), THREAD)).toEqual({ newest: otherJobId, toRefine })
  })

  it('are null when no button refers to a job', async () => {
    const buttons = [
      { action: 'send_again', value: 'x' },
      { action: 'cancel_job', value: 'no id' },
      { action: 'other', value: jobId },
    ]
    expect(await findThreadJob(chatWith([], buttons), THREAD)).toBeNull()
  })

  it('are undefined when the API cannot say', async () => {
    expect(await findThreadJob(chatWith(new Error('away')), THREAD)).toBeUndefined()
  })
})
