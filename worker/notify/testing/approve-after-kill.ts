import { eventually } from '#queue/testing/harness'
import { planningRun } from '#queue/testing/planning-run'
import { completedWith, type openConversations } from './conversations.ts'

type Conversations = Pick<
  Awaited<ReturnType<typeof openConversations>>,
  'jobs' | 'store' | 'queue' | 'startNotifier'
>

/** Another worker takes over, the plan is approved, and the thread of the only job gets its result. Resolves with the id of the job. */
export async function approveAfterKill({ jobs, store, queue, startNotifier }: Conversations) {
  const plan = planningRun(store)
  queue(async (run) => {
    const result = await plan(run)
    return result.state === 'completed' ? completedWith() : result
  })
  await jobs.recover()
  startNotifier()
  const [jobId] = await Array.fromAsync(store.jobIds())
  await eventually(async () => {
    const { kind } = await jobs.decidePlan(jobId!, { decision: 'approve', version: 1 })
    return kind === 'taken'
  }, 60_000)
  await eventually(async () => (await jobs.view(jobId!))?.delivery, 60_000)
  return jobId!
}
