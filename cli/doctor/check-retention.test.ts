import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { parseKeys } from '../../api/access/keys.ts'
import { checkTraces, checkLogs, checkMetrics, checkRetention } from './check-retention.ts'

test('how long jobs are kept, and whether there is room for them', () => {
  const keep = { archiveDays: 30, jobDays: 90, totalBytes: 20e9 }
  const room = { freeBytes: 50e9 }
  expect(checkRetention(keep, room)).toEqual({
    name: 'Retention',
    state: 'ok',
    detail: 'archives for 30 days, jobs for 90 days, 20 GB in total',
  })
  expect(checkRetention(keep, { freeBytes: 4.2e9 })).toMatchObject({
    state: 'weak',
    detail: expect.stringContaining('only 4.2 GB free'),
  })
  expect(checkRetention({ archiveDays: null, jobDays: 90, totalBytes: null }, room)).toMatchObject({
    state: 'weak',
    detail: expect.stringMatching(/archives forever.*eventually fill up/),
  })
})

test('logs that reveal too much or nothing', () => {
  expect(checkLogs({ level: 'info', prompts: false })).toMatchObject({ state: 'ok' })
  expect(checkLogs({ level: 'info', prompts: true })).toMatchObject({ state: 'weak' })
  expect(checkLogs({ level: 'silent', prompts: false })).toMatchObject({ state: 'weak' })
})

test('metrics that no key can read', () => {
  const keysWith = (scope: string) => {
    const read = parseKeys(`x:${scope}:${'ab'.repeat(32)}`)
    if ('fault' in read) throw new Error(read.fault)
    return read
  }
  expect(checkMetrics({ keys: [] })).toMatchObject({ state: 'ok' })
  expect(checkMetrics(keysWith('read'))).toMatchObject({ state: 'ok' })
  expect(checkMetrics(keysWith('generate'))).toMatchObject({ state: 'weak' })
})

test('a collector that answers, one that does not, and none; headers are not repeated', async () => {
  const collector = createServer((_request, response) => response.writeHead(404).end()).listen(0, '127.0.0.1')
  await once(collector, 'listening')
  const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`
  const headers = { 'api-key': 'hunter2' }
  onTestFinished(() => void collector.close())
  const found = [
    await checkTraces({ endpoint, headers }),
    await checkTraces({ endpoint: 'http://127.0.0.1:9', headers }),
    await checkTraces(null),
  ]
  expect(found.map(({ state }) => state)).toEqual(['ok', 'weak', 'off'])
  expect(JSON.stringify(found)).not.toContain('hunter2')
})
