import { once } from 'node:events'
import { parentPort, workerData } from 'node:worker_threads'
import { openLog } from '#lib/log'
import type { ThreadBanner, ThreadData } from './start-bots-thread.ts'
import { startBots } from './start-bots.ts'

/** Runs the bots until the parent thread posts a message. */
const { config, apiUrl } = workerData as ThreadData
const bots = await startBots({ config, apiUrl, log: openLog(config.log, process.env) })
const answer: ThreadBanner = { banner: bots.banner }
// eslint-disable-next-line unicorn/require-post-message-target-origin -- not a window's postMessage
parentPort?.postMessage(answer)
if (parentPort) await once(parentPort, 'message')
await bots[Symbol.asyncDispose]()
parentPort?.close()
