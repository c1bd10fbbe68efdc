import { describe, expect, test } from 'vitest'
import type { QueueBackend } from '../backend.ts'
import { KINDS_HERE, aRecord, openHarness, silent } from '../testing/harness.ts'
import type { Sent } from '../testing/faulty-queue.ts'
import { makeJobs } from './jobs.ts'

/** The connection is broken whenever a client asks what server this is. */
const brokenAtStart = (backend: QueueBackend): QueueBackend => ({
  ...backend,
  connect(role) {
    const client = backend.connect(role)
    const send = client.sendCommand.bind(client) as (command: Sent, stream?: unknown) => unknown
    const failing = (command: Sent, stream?: unknown) => {
      // Its own question, before it is ready, is the client's.
      if (client.status !== 'ready' || command.name !== 'info') return send(command, stream)
      return Promise.reject(new Error("Stream isn't writeable and enableOfflineQueue options is false"))
    }
    return Object.assign(client, { sendCommand: failing })
  },
})

for (const kind of KINDS_HERE)
  describe(`a queue on ${kind.name}`, { timeout: 60_000, skip: kind.skip }, () => {
    test('is not closed for good by a connection that breaks while it opens', async () => {
      await using queue = await openHarness(kind)
      await using jobs = makeJobs({
        backend: brokenAtStart(queue.backend),
        store: queue.store,
        log: silent,
        limits: {},
      })
      const record = aRecord()
      expect(await jobs.submit(record)).toEqual({ jobId: record.jobId, created: true })
    })
  })
