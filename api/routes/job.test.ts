import { JobView } from '#contract'
import { describe, expect, it } from 'vitest'
import { testApp } from '../testing/app.ts'
import { jobId, viewOf } from '../testing/jobs.ts'

describe('GET /jobs/:jobId', () => {
  it('shows the job as it is now, and asks nobody to keep it', async () => {
    const view = viewOf({ state: 'active', progress: 40, stage: 'render', attempt: 1 })
    await using test = await testApp([
      {
        'jobs.view': async (id) => {
          expect(id).toBe(jobId)
          return view
        },
      },
    ])
    const reply = await test.app.inject(`/jobs/${jobId}`)
    expect(reply.statusCode).toBe(200)
    expect(JobView.parse(reply.json())).toEqual(view)
    expect(reply.headers['cache-control']).toBe('no-store')
  })

  it('answers HEAD like GET, without a body', async () => {
    await using test = await testApp([{ 'jobs.view': async () => viewOf() }])
    const reply = await test.app.inject({ method: 'HEAD', url: `/jobs/${jobId}` })
    expect(reply.statusCode).toBe(200)
    expect(reply.body).toBe('')
    expect(Number(reply.headers['content-length'])).toBe(JSON.stringify(viewOf()).length)
  })

  it('responds with 404 to an unknown id', async () => {
    await using test = await testApp([{ 'jobs.view': async () => null }])
    const reply = await test.app.inject(`/jobs/${jobId}`)
    expect(reply.statusCode).toBe(404)
    expect(reply.json().error).toMatchObject({
      code: 'job_not_found',
      message: 'Job not found. Use a job ID returned by POST /generate-backend.',
    })
  })

  it.each(['x', '..%2f..%2fetc%2fpasswd', jobId.toUpperCase(), `${jobId}0`, '%00', '💥'])(
    'does not even ask for what cannot be an id: %s',
    async (id) => {
      await using test = await testApp([])
      const reply = await test.app.inject(`/jobs/${id}`)
      expect(reply.statusCode).toBe(404)
      expect(reply.json().error.code).toBe('job_not_found')
    },
  )
})
