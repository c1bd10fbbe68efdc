/*
 * A notifier for crash tests. Arguments: data folder, chat, URL of the chat. Submits a job that ends immediately, and
 * delivers it until killed.
 */
import { argv } from 'node:process'
import { KINDS, aRecord, openHarness } from '#queue/testing/harness'
import { ZIP, completedWith, runNotifier } from './conversations.ts'
import { discordChat, fromDiscord } from './discord-conversations.ts'
import { fromSlack, slackChat } from './slack-conversations.ts'

const [, , dataDir = '', kind = '', url = ''] = argv
// Longer than the test waits before killing it.
const calls = { timeoutMs: 60_000 }
const { backend, store, jobs, worker } = await openHarness(KINDS[0], { dataDir })
const record = aRecord({ origin: kind === 'slack' ? fromSlack() : fromDiscord() })
await store.createRecord(record)
await store.writeArchive(record.jobId, 'todo.zip', ZIP)
worker(async () => completedWith())
await jobs.submit(record)
runNotifier({ backend, store, chat: kind === 'slack' ? slackChat(url, calls) : discordChat(url, calls) })
