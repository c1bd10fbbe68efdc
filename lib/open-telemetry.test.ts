import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { SpanKind } from 'bullmq'
import { expect, onTestFinished, test } from 'vitest'
import { makeLog } from './log.ts'
import { openTelemetry } from './open-telemetry.ts'

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
  expect(performance.now() - began).toBeLessThan(30_000)
  expect(lines.join()).toContain('telemetry: trace export failed')
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

test('of what BullMQ says of errors and results, nothing is sent but names', async () => {
  const sent: string[] = []
  const collector = createServer(async (request, response) => {
    sent.push(await text(request))
    response.end('{}')
  }).listen(0, '127.0.0.1')
  await once(collector, 'listening')
  onTestFinished(() => void collector.close())
  const telemetry = await openTelemetry({
    config: { endpoint: `http://127.0.0.1:${(collector.address() as AddressInfo).port}/`, headers: {} },
    service: 'test',
    version: '1.0.0',
    log: makeLog({ level: 'silent' }),
  })
  const span = telemetry.queue!.tracer.startSpan('process generate', { kind: SpanKind.CONSUMER })
  span.setAttributes({ 'bullmq.job.id': 'job-1' })
  span.addEvent('job failed', { 'bullmq.job.failed.reason': 'a marmalade shop is not understood' })
  span.recordException(new RangeError('a marmalade shop is not understood'))
  span.end()
  await telemetry[Symbol.asyncDispose]()
  expect(sent.join()).toContain('job-1')
  expect(sent.join()).toContain('RangeError')
  expect(sent.join()).not.toContain('marmalade')
})
