import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { makeApiClient } from './api-client.ts'
import { jobId } from './testing/jobs.ts'

describe('the API client', () => {
  it('sends its key with every call, if it has one', async () => {
    const sent: (string | undefined)[] = []
    const server = createServer((request, response) => {
      sent.push(request.headers.authorization)
      response.writeHead(404).end('{}')
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const callAll = async (apiKey?: string) => {
      const api = makeApiClient({ baseUrl, apiKey })
      const { signal } = new AbortController()
      const idempotencyKey = 'k'
      await Promise.allSettled([
        api.generate({ prompt: 'a todo app' }, { idempotencyKey }),
        api.refine(jobId, { prompt: 'add tags' }, { idempotencyKey }),
        api.cancel(jobId),
        api.decidePlan(jobId, { decision: 'approve', version: 1 }),
        api.view(jobId),
        api.preferences('workspace:slack:T1'),
        api.changePreferences('workspace:slack:T1', { preferences: {} }),
        api.request(jobId),
        api.change(jobId, { prompt: 'add tags' }, { idempotencyKey }),
        api.jobsIn('slack:T1:C1:17.1', { limit: 1 }),
        api.newestRefinement(jobId),
        api.listOf('slack:T1:U1', { limit: 1 }),
        api.archive(jobId),
        api.follow(jobId, { signal }).next(),
      ])
      return sent.splice(0)
    }
    expect(await callAll('bgk_key')).toEqual(Array(14).fill('Bearer bgk_key'))
    expect(await callAll()).toEqual(Array(14).fill(undefined))
    expect(Object.keys(makeApiClient({ baseUrl }))).toHaveLength(14)
    server.closeAllConnections()
    server.close()
  })
})
