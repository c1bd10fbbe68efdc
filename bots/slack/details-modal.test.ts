import { expect, it } from 'vitest'
import { jobId, recordOf, report, viewOf } from '../testing/jobs.ts'
import { openSlack } from '../testing/slack/open-slack.ts'
import { press } from '../testing/slack/payloads.ts'
import { buttonsOf, wordsOf } from '../testing/slack/slack-world.ts'

const routes = Array.from({ length: 70 }, (_, at) => ({ method: 'GET', path: `/things/${at}` }))
const lookUp = {
  [`GET /jobs/${jobId}`]: () => ({ body: viewOf({ state: 'completed', report: { ...report, routes } }) }),
  [`GET /jobs/${jobId}/request`]: () => ({ body: recordOf() }),
}

it('opens details in a modal, and turns its pages there', async () => {
  await using slack = await openSlack([lookUp, lookUp])
  const { world } = slack
  await world.deliver('interactive', press('job_details', jobId))
  const first = await world.nextShown(0)
  expect(first).toMatchObject({ via: 'modal', content: { type: 'modal', callback_id: 'job_details' } })
  expect(JSON.stringify(first.content['blocks'])).toContain('rich_text_preformatted')
  const [next] = buttonsOf(first.content)
  expect(next).toEqual({ action: 'next_page', value: `${jobId}.1` })
  await world.deliver('interactive', press('next_page', next!.value, { modal: 'V1' }))
  expect(wordsOf((await world.nextShown(1)).content['blocks'])).toContain('Page 2 of')
  expect(world.callsOf('views.open')).toHaveLength(1)
  expect(world.callsOf('views.update').map(({ params }) => params['view_id'])).toEqual(['V1', 'V1'])
})

it('replies with the details where no modal opens', async () => {
  await using slack = await openSlack([lookUp])
  const { world } = slack
  world.faults.set('views.open', 'expired_trigger_id')
  await world.deliver('interactive', press('job_details', jobId, { responseUrl: world.responseUrl() }))
  const { via, content } = await world.nextShown(0)
  expect(via).toBe('response_url')
  expect(wordsOf(content['blocks'])).toContain('70 routes')
})

it('says in the modal that a job no longer exists', async () => {
  const gone = {
    status: 404,
    body: { error: { code: 'job_not_found', message: '', details: [], requestId: '' } },
  }
  await using slack = await openSlack([
    { [`GET /jobs/${jobId}`]: () => gone, [`GET /jobs/${jobId}/request`]: () => gone },
  ])
  await slack.world.deliver('interactive', press('job_details', jobId))
  const { via, content } = await slack.world.nextShown(0)
  expect(via).toBe('modal')
  expect(wordsOf(content['blocks'])).toContain('Job not found')
})
