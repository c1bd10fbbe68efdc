import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { JobList } from '#contract'
import { EVERYTHING } from './support/everything.ts'
import { makeQueues } from './support/queues.ts'
import { archive, ended, post, startMain, temporaryFolder, view } from './support/service.ts'

/** The process is killed with -9 while it works; after a restart every accepted job must complete exactly once. */

const queues = makeQueues()
afterAll(queues.remove)
/** The embedded queue is killed by the smoke tests as well; the soak kills both here. */
const kinds = EVERYTHING ? queues.kinds : queues.kinds.slice(-1)

describe.each(kinds)('kill -9 in the middle of a job (queue: $name)', ({ env, skip }) => {
  it.skipIf(skip)('the next start finishes every accepted job, once', { timeout: 360_000 }, async () => {
    await using data = await temporaryFolder('data')
    const jobs: string[] = []
    {
      await using service = await startMain({ dataDir: data.path, env })
      for (const prompt of [
        'a todo app',
        'a blog with posts and comments',
        'a library with books and authors',
      ]) {
        jobs.push(await post(service.url, { prompt }))
      }
      while ((await view(service.url, jobs[0]!)).stage !== 'verify') await sleep(5)
      service.child.kill('SIGKILL')
      await service.exited
    }
    await using again = await startMain({ dataDir: data.path, env })
    for (const jobId of jobs) {
      const job = await ended(again.url, jobId)
      expect(job.error).toBeNull()
      expect(job.state).toBe('completed')
      expect((await archive(again.url, jobId)).length).toBe(job.archive?.bytes)
    }
    const { finishedAt } = await view(again.url, jobs[0]!)
    await sleep(1000)
    expect((await view(again.url, jobs[0]!)).finishedAt).toBe(finishedAt)
    const listed = JobList.parse(await (await fetch(`${again.url}/jobs`)).json())
    expect(listed.jobs.map((job) => job.jobId)).toEqual([...jobs].reverse())
  })
})
