import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { readKeys } from '../../api/access/keys.ts'
import { examineTraces, judgeLogs, judgeMetrics, judgeRetention } from './judge-keeping.ts'

test('how long jobs are kept, and whether there is room for them', () => {
  const keep = { archiveDays: 30, jobDays: 90, totalBytes: 20e9 }
  const room = { freeBytes: 50e9 }
  expect(judgeRetention(keep, room)).toEqual({
    name: 'Retention',
    state: 'ok',
    detail: 'archives for 30 days, jobs for 90 days, 20 GB in all',
  })
  expect(judgeRetention(keep, { freeBytes: 4.2e9 })).toMatchObject({
    state: 'weak',
    detail: expect.stringContaining('4.2 GB are free'),
  })
  expect(judgeRetention({ archiveDays: null, jobDays: 90, totalBytes: null }, room)).toMatchObject({
    state: 'weak',
    detail: expect.stringMatching(/archives for good.*fills up/),
  })
})

test('logs that tell too much, or nothing', () => {
  expect(judgeLogs({ level: 'info', prompts: false })).toMatchObject({ state: 'ok' })
  expect(judgeLogs({ level: 'info', prompts: true })).toMatchObject({ state: 'weak' })
  expect(judgeLogs({ level: 'silent', prompts: false })).toMatchObject({ state: 'weak' })
})

test('metrics that nobody may read', () => {
  const keysWith = (scope: string) => {
    const read = readKeys(`x:${scope}:${'ab'.repeat(32)}`)
    if ('fault' in read) throw new Error(read.fault)
    return read
  }
  expect(judgeMetrics({ keys: [] })).toMatchObject({ state: 'ok' })
  expect(judgeMetrics(keysWith('read'))).toMatchObject({ state: 'ok' })
  expect(judgeMetrics(keysWith('generate'))).toMatchObject({ state: 'weak' })
})

test('a collector that answers, one that does not, and none; headers are not repeated', async () => {
  const collector = createServer((_request, response) => response.writeHead(404).end()).listen(0, '127.0.0.1')
  await once(collector, 'listening')
  const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`
  const headers = { 'api-key': 'hunter2' }
  onTestFinished(() => void collector.close())
  const found = [
    await examineTraces({ endpoint, headers }),
    await examineTraces({ endpoint: 'http://127.0.0.1:9', headers }),
    await examineTraces(null),
  ]
  expect(found.map(({ state }) => state)).toEqual(['ok', 'weak', 'off'])
  expect(JSON.stringify(found)).not.toContain('hunter2')
})
