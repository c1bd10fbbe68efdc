import { expect, test } from 'vitest'
import type { JobOutcome, JobRecord } from '#contract'
import { makeJobHeaderCache } from './job-header-cache.ts'
import { aRecord, completed } from '../testing/harness.ts'

/** A store that records its reads. */
function countedStore(records: readonly JobRecord[], outcome: JobOutcome | null = null) {
  const asked: string[] = []
  const there = new Map(records.map((record) => [record.jobId, record]))
  return {
    asked,
    there,
    async has(jobId: string) {
      asked.push(`has ${jobId}`)
      return there.has(jobId)
    },
    async readRecord(jobId: string) {
      asked.push(`record ${jobId}`)
      return there.get(jobId) ?? null
    },
    async readOutcome(jobId: string) {
      asked.push(`outcome ${jobId}`)
      return outcome
    },
  }
}

const [a, b, c] = ['a', 'b', 'c'].map((jobId) => aRecord({ jobId })) as [JobRecord, JobRecord, JobRecord]

test('a record is read once, then only checked for existence', async () => {
  const store = countedStore([a])
  const headers = makeJobHeaderCache(store)
  await headers.read('a', { ended: false })
  expect((await headers.read('a', { ended: false }))?.header.prompt).toBe(a.prompt)
  expect(store.asked).toEqual(['record a', 'has a'])
})

test('an outcome is read once; a missing one is read again', async () => {
  const store = countedStore([a], completed())
  const headers = makeJobHeaderCache(store)
  await headers.read('a', { ended: true })
  expect((await headers.read('a', { ended: true }))?.ended?.state).toBe('completed')
  expect(store.asked).toEqual(['record a', 'outcome a', 'has a'])

  const open = countedStore([a])
  const others = makeJobHeaderCache(open)
  await others.read('a', { ended: true })
  expect((await others.read('a', { ended: true }))?.ended).toBeNull()
  expect(open.asked.filter((what) => what === 'outcome a')).toHaveLength(2)
})

test('an expired job is gone immediately', async () => {
  const store = countedStore([a])
  const headers = makeJobHeaderCache(store)
  await headers.read('a', { ended: false })
  store.there.delete('a')
  expect(await headers.read('a', { ended: false })).toBeNull()
})

test('the least recently used entries are evicted first', async () => {
  const store = countedStore([a, b, c])
  const headers = makeJobHeaderCache(store, 2)
  for (const id of ['a', 'b', 'a', 'c', 'a', 'b']) await headers.read(id, { ended: false })
  expect(store.asked.filter((what) => what.startsWith('record'))).toEqual([
    'record a',
    'record b',
    'record c',
    'record b',
  ])
})
