import { Queue } from 'bullmq'
import type { Logger } from 'pino'
import type { QueueBackend } from '../backend.ts'
import { PREFIX, QUEUES } from '../names.ts'

/** The queues, for the dashboard, which only reads; closed by disposing. */
export function openDashboardQueues(deps: { backend: Pick<QueueBackend, 'connect'>; log: Logger }) {
  const connection = deps.backend.connect('producer')
  const queues = Object.values(QUEUES).map((name) => new Queue(name, { connection, prefix: PREFIX }))
  for (const queue of queues)
    queue.on('error', (error) => deps.log.debug({ err: error }, 'dashboard: the queue failed'))
  return {
    queues,
    async [Symbol.asyncDispose]() {
      await Promise.all(queues.map((queue) => queue.close()))
      connection.disconnect()
    },
  }
}
