import { InvalidCursorError } from '#queue/producer/errors'
import { describe, expect, it } from 'vitest'
import { testApp } from '../testing/app.ts'
import { jobId, record } from '../testing/jobs.ts'

const page = {
  jobs: [
    {
      jobId,
      state: 'failed' as const,
      progress: 30,
      prompt: record.prompt,
      version: 1,
      parent: null,
      createdAt: record.createdAt,
      finishedAt: record.createdAt,
      statusUrl: `/jobs/${jobId}`,
    },
  ],
  nextCursor: jobId,
}

describe('GET /jobs', () => {
  it.each([
    ['', { limit: 20 }],
    ['?limit=100', { limit: 100 }],
    ['?state=failed&limit=1', { state: 'failed', limit: 1 }],
    [`?cursor=${jobId}`, { cursor: jobId, limit: 20 }],
    ['?thread=slack:T1:C1:17.1', { place: 'slack:T1:C1:17.1', limit: 20 }],
    [`?parent=${jobId}&state=completed&limit=1`, { parent: jobId, state: 'completed', limit: 1 }],
    ['?requester=slack:T1:U1&state=active', { requester: 'slack:T1:U1', state: 'active', limit: 20 }],
  ])('asks for a page: %s', async (query, asked) => {
    await using test = await testApp([
      {
        'jobs.list': async (given) => {
          expect(given).toEqual(asked)
          return page
        },
      },
    ])
    const reply = await test.app.inject(`/jobs${query}`)
    expect(reply.statusCode).toBe(200)
    expect(reply.json()).toEqual(page)
  })

  it.each([
    ['limit=0', 'limit', 'limit must be at least 1.'],
    ['limit=101', 'limit', 'limit must be at most 100.'],
    ['limit=ten', 'limit', 'limit must be a whole number from 1 to 100.'],
    ['limit=1.5', 'limit', 'limit must be a whole number from 1 to 100.'],
    ['limit=1&limit=2', 'limit', 'limit must be a whole number from 1 to 100.'],
    [
      'sate=failed',
      'sate',
      'Unknown field sate; expected state, requester, owner, thread, parent, cursor and limit.',
    ],
    [
      'requester=slack',
      'requester',
      'requester must be a platform and its ids, such as slack:T012AB3CD:U012AB3CD.',
    ],
    ['state=done', 'state', 'state must be "waiting" or "active" or "completed" or "failed" or "cancelled".'],
    [
      'cursor=%00',
      'cursor',
      'cursor must be the nextCursor of the previous page; omit it for the first page.',
    ],
  ])('refuses %s', async (query, path, message) => {
    await using test = await testApp([])
    const reply = await test.app.inject(`/jobs?${query}`)
    expect(reply.statusCode).toBe(400)
    expect(reply.json().error).toMatchObject({
      code: 'invalid_request',
      message,
      details: [{ path, message }],
    })
  })

  it('says so when the queue does not know the cursor', async () => {
    await using test = await testApp([
      {
        'jobs.list': async () => {
          throw new InvalidCursorError()
        },
      },
    ])
    const reply = await test.app.inject('/jobs?cursor=abc')
    expect(reply.statusCode).toBe(400)
    expect(reply.json().error).toMatchObject({ code: 'invalid_cursor', details: [{ path: 'cursor' }] })
  })
})
