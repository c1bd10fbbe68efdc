/*
 * A follower to be killed. Arguments: data folder, where Slack is. It asks for a job, ends it at once, and tells of it
 * until it is killed.
 */
import { argv } from 'node:process'
import { KINDS, aRecord, openHarness } from '#queue/testing/harness'
import { ZIP, completedWith, fromSlack, runFollower } from './talk.ts'

const [, , dataDir = '', url = ''] = argv
const { backend, store, jobs, worker } = await openHarness(KINDS[0], { dataDir })
const record = aRecord({ origin: fromSlack() })
await store.createRecord(record)
await store.writeArchive(record.jobId, 'todo.zip', ZIP)
worker(async () => completedWith())
await jobs.submit(record)
// Long enough for whoever kills it to come first.
runFollower({ backend, store, url, timeoutMs: 60_000 })
