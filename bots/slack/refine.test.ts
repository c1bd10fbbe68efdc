import { describe, expect, it } from 'vitest'
import { isFinal, type JobState } from '#contract'
import { toCard } from '../core/cards/card.ts'
import { toResult } from '../core/cards/result.ts'
import { jobId, otherJobId, recordOf, slackOrigin, viewOf } from '../testing/jobs.ts'
import { queued, refused, type ApiCall } from '../testing/scripted-api.ts'
import { openSlack } from '../testing/slack/open-slack.ts'
import { BOT_USER, MESSAGE_TS, mention, press, submission } from '../testing/slack/payloads.ts'
import { buttonsOf, wordsOf } from '../testing/slack/slack-world.ts'
import { renderSlack } from './blocks.ts'

const newJobId = '01jd8q4x7zk3m5n9p2r6s8t0vy'
const inThread = { threadTs: MESSAGE_TS, ts: '1700000000.000300' }

/** The message of a job with its buttons, as the notifier posts it: the result once it has ended, until then the card. */
function card(id: string, state: JobState) {
  const view = viewOf({ jobId: id, state })
  const [message] = renderSlack(
    isFinal(state)
      ? { kind: 'result', result: toResult(view, 'U1', null) }
      : { kind: 'card', card: toCard(view) },
  )
  return { type: 'message', user: BOT_USER, ts: MESSAGE_TS, ...message }
}

const looks = (id: string) => ({
  [`GET /jobs/${id}`]: () => ({ body: viewOf({ jobId: id, state: 'completed' }) }),
  [`GET /jobs/${id}/request`]: () => ({ body: recordOf({ jobId: id }) }),
})
const takes = (id: string, calls: ApiCall[]) => ({
  [`POST /jobs/${id}/refine`]: (call: ApiCall) => {
    calls.push(call)
    return queued(newJobId)
  },
})

describe('a mention in the thread of a job', () => {
  it.each<[name: string, thread: ReturnType<typeof card>[], parent: string]>([
    ['the job', [card(jobId, 'completed')], jobId],
    ['its newest version', [card(jobId, 'completed'), card(otherJobId, 'completed')], otherJobId],
    ['the last that was completed', [card(jobId, 'completed'), card(otherJobId, 'failed')], jobId],
  ])('builds the next version of %s in that thread', async (_name, thread, parent) => {
    const calls: ApiCall[] = []
    await using slack = await openSlack([looks(parent), takes(parent, calls)])
    slack.world.threads.set(MESSAGE_TS, thread)
    await slack.world.deliver('events_api', mention('make the titles unique', inThread))
    await slack.stop()
    expect(calls[0]?.body).toEqual({
      prompt: 'make the titles unique',
      origin: { ...slackOrigin, threadTs: MESSAGE_TS },
    })
    expect(slack.world.seen).toEqual([])
  })

  it('is rejected by the API while a version is being built', async () => {
    const message = 'The job has not finished: refine it once it is completed.'
    await using slack = await openSlack([
      looks(otherJobId),
      { [`POST /jobs/${otherJobId}/refine`]: () => refused(409, 'job_not_finished', message) },
    ])
    slack.world.threads.set(MESSAGE_TS, [card(jobId, 'completed'), card(otherJobId, 'active')])
    await slack.world.deliver('events_api', mention('make the titles unique', inThread))
    expect(wordsOf((await slack.world.nextShown()).content['blocks'])).toContain(message)
  })

  it('starts nothing with a file, which refinement does not support', async () => {
    await using slack = await openSlack([])
    slack.world.threads.set(MESSAGE_TS, [card(jobId, 'completed')])
    const files = [{ id: 'F1', name: 'a.sql', size: 4 }]
    await slack.world.deliver('events_api', mention('use this', { ...inThread, files }))
    expect(wordsOf((await slack.world.nextShown()).content['blocks'])).toContain('nothing was started')
  })
})

describe('the Refine button', () => {
  it('opens a form that builds the next version in the thread of the button', async () => {
    const calls: ApiCall[] = []
    await using slack = await openSlack([looks(jobId), looks(jobId), takes(jobId, calls)])
    await slack.world.deliver('interactive', press('refine_job', jobId))
    const { via, content } = await slack.world.nextShown()
    expect([via, content['callback_id']]).toEqual(['modal', 'refine_backend'])
    const metadata = String(content['private_metadata'])
    const form = submission({ prompt: 'add comments' }, { metadata, form: 'refine_backend' })
    await slack.world.deliver('interactive', form)
    await slack.stop()
    expect(calls[0]?.body).toEqual({
      prompt: 'add comments',
      origin: { ...slackOrigin, threadTs: MESSAGE_TS },
    })
  })

  it('on App Home replies where the job was requested, and says so', async () => {
    const calls: ApiCall[] = []
    const jobs = { body: { jobs: [], nextCursor: null } }
    await using slack = await openSlack([
      looks(jobId),
      looks(jobId),
      takes(jobId, calls),
      { 'GET /jobs': () => jobs },
    ])
    await slack.world.deliver('interactive', press('refine_job', jobId, { home: true }))
    const metadata = String((await slack.world.nextShown()).content['private_metadata'])
    const form = submission({ prompt: 'add comments' }, { metadata, form: 'refine_backend' })
    await slack.world.deliver('interactive', form)
    const { via, content } = await slack.world.nextShown(1)
    expect(via).toBe('home')
    expect(wordsOf(content['blocks'])).toContain('where the backend was requested')
    expect(calls[0]?.body?.origin).toEqual(slackOrigin)
  })

  it('keeps the form open while it is empty', async () => {
    await using slack = await openSlack([])
    const metadata = JSON.stringify({ channelId: 'C1', threadTs: null, responseUrl: null, refines: jobId })
    const form = submission({ prompt: ' ' }, { metadata, form: 'refine_backend' })
    expect((await slack.world.deliver('interactive', form)).payload).toEqual({
      response_action: 'errors',
      errors: { prompt: 'Describe the change.' },
    })
  })

  it('with an invalid job ID says that it has expired', async () => {
    await using slack = await openSlack([])
    await slack.world.deliver('interactive', press('refine_job', 'x'))
    expect(wordsOf((await slack.world.nextShown()).content['blocks'])).toContain('has expired')
  })

  it('returns a change that could not be submitted, with a retry under the same key', async () => {
    const keys: (string | null)[] = []
    await using slack = await openSlack([
      {
        [`GET /jobs/${jobId}`]: () => refused(503, 'queue_unavailable', 'The queue is away.'),
        [`GET /jobs/${jobId}/request`]: () => ({ body: recordOf() }),
      },
      looks(jobId),
      {
        [`POST /jobs/${jobId}/refine`]: (call) => {
          keys.push(call.idempotencyKey)
          return queued(newJobId)
        },
      },
    ])
    const metadata = JSON.stringify({
      channelId: 'C1',
      threadTs: MESSAGE_TS,
      responseUrl: null,
      refines: jobId,
    })
    await slack.world.deliver(
      'interactive',
      submission({ prompt: 'add comments' }, { metadata, form: 'refine_backend', viewId: 'V77' }),
    )
    const [again] = buttonsOf((await slack.world.nextShown()).content)
    expect(again?.action).toBe('send_again')
    await slack.world.deliver('interactive', press('send_again', again!.value))
    await slack.stop()
    expect(keys).toEqual(['slack:view:V77'])
  })
})
