/*
 * A notifier for crash tests of plans. Arguments: data folder, chat, URL of the chat. Submits a job that shows a plan with a
 * picture, approves it, and delivers it until killed.
 */
import { argv } from 'node:process'
import { KINDS, aRecord, openHarness } from '#queue/testing/harness'
import { planningRun } from '#queue/testing/planning-run'
import { writePlanDiagram } from '#store/plans'
import { ZIP, completedWith, runNotifier } from './conversations.ts'
import { discordChat, fromDiscord } from './discord-conversations.ts'
import { fromSlack, slackChat } from './slack-conversations.ts'

const SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20" fill="#fff"/></svg>'

const [, , dataDir = '', kind = '', url = ''] = argv
// Longer than the test waits before killing it.
const calls = { timeoutMs: 60_000 }
const { backend, store, jobs, worker } = await openHarness(KINDS[0], { dataDir })
const origin = kind === 'slack' ? fromSlack() : fromDiscord()
const record = aRecord({ origin })
await store.createRecord(record)
await store.writeArchive(record.jobId, 'todo.zip', ZIP)
const plan = planningRun(store, { onPlanned: (jobId) => writePlanDiagram(store, jobId, 1, SVG) })
worker(async (run) => {
  const result = await plan(run)
  return result.state === 'completed' ? completedWith() : result
})
runNotifier({ backend, store, chat: kind === 'slack' ? slackChat(url, calls) : discordChat(url, calls) })
await jobs.submit(record)
// Approved by a person, who sees it first.
await new Promise((resolve) => setTimeout(resolve, 10_000))
for (;;) {
  const { kind: result } = await jobs.decidePlan(record.jobId, { decision: 'approve', version: 1, origin })
  if (result === 'taken') break
  await new Promise((resolve) => setTimeout(resolve, 1_500))
}
