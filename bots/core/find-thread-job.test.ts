import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { jobId, otherJobId } from '../testing/jobs.ts'
import { findThreadJob } from './find-thread-job.ts'
import type { ThreadButton } from './inbound-chat.ts'

const chatWith = (buttons: readonly ThreadButton[] | Error) => ({
  log: pino({ level: 'silent' }),
  errorSummary: String,
  async *readThread() {
    if (buttons instanceof Error) throw buttons
    yield* buttons
  },
})
const button = (action: string, value: string) => ({ action, value })

describe('the jobs of a thread', () => {
  it.each([
    ['running', 'cancel_job', otherJobId],
    ['failed', 'retry_job', jobId],
    ['completed', 'refine_job', otherJobId],
  ])('when the newest is %s', async (_, action, toRefine) => {
    const buttons = [
      button('refine_job', jobId),
      button(action, otherJobId),
      button('job_details', otherJobId),
    ]
    expect(await findThreadJob(chatWith(buttons), null)).toEqual({ newest: otherJobId, toRefine })
  })

  it.each([
    ['completed', 'refine_job', jobId],
    ['failed', 'retry_job', otherJobId],
  ])('when one that is %s is replied to', async (_, action, toRefine) => {
    const buttons = [
      button('refine_job', otherJobId),
      button(action, jobId),
      button('refine_job', otherJobId),
    ]
    expect(await findThreadJob(chatWith(buttons), null, jobId)).toEqual({ newest: jobId, toRefine })
  })

  it('are null when no button refers to a job', async () => {
    const buttons = [button('send_again', 'x'), button('cancel_job', 'no id'), button('other', jobId)]
    expect(await findThreadJob(chatWith(buttons), null)).toBeNull()
  })

  it('are undefined when the thread cannot be read', async () => {
    expect(await findThreadJob(chatWith(new Error('away')), null)).toBeUndefined()
  })
})
