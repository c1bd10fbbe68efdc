import { expect, it } from 'vitest'
import { record } from '../testing/jobs.ts'
import { makeJobOwners } from './job-owners.ts'

it('reads whose a job is once, but looks again for one that is not there yet', async () => {
  const asked: string[] = []
  let stored = false
  const ownerOf = makeJobOwners({
    readRecord: async (jobId) => {
      asked.push(jobId)
      return stored ? { ...record, owner: 'ci' } : null
    },
  })
  expect(await ownerOf('a')).toBeNull()
  stored = true
  const owned = { owner: 'ci', origin: record.origin }
  expect([await ownerOf('a'), await ownerOf('a'), await ownerOf('b')]).toEqual([owned, owned, owned])
  expect(asked).toEqual(['a', 'a', 'b'])
})
