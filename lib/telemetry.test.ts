import { expect, test } from 'vitest'
import { makeLog } from './log.ts'
import { openTelemetry } from './telemetry.ts'

test('a collector that is away is said in the log, and holds up neither work nor the end', async () => {
  const lines: string[] = []
  const telemetry = await openTelemetry({
    // The port of discard, where nobody listens.
    config: { endpoint: 'http://127.0.0.1:9', headers: {} },
    service: 'test',
    version: '1.0.0',
    log: makeLog({ level: 'warn', destination: { write: (line) => void lines.push(line) } }),
  })
  expect(await telemetry.inSpan('submit', { 'job.id': 'a' }, async () => 'done')).toBe('done')
  const began = performance.now()
  await telemetry[Symbol.asyncDispose]()
  expect(performance.now() - began).toBeLessThan(6_000)
  expect(lines.join()).toContain('telemetry: traces are not sent')
})

test('what work throws comes out as it is', async () => {
  await using telemetry = await openTelemetry({
    config: { endpoint: 'http://127.0.0.1:9', headers: {} },
    service: 'test',
    version: '1.0.0',
    log: makeLog({ level: 'silent' }),
  })
  const error = new Error('no')
  // About no job, and so no trace begins, which would have to be sent.
  await expect(telemetry.inSpan('look', {}, () => Promise.reject(error))).rejects.toBe(error)
})
