import type { Logger } from 'pino'
import type { QueueBackend } from '../backend.ts'
import { QUEUES } from '../names.ts'
import { openQueue } from './open-queue.ts'

/** Read-only queues for the dashboard, until disposed. */
export function openDashboardQueues(deps: { backend: Pick<QueueBackend, 'connect'>; log: Logger }) {
  const connection = deps.backend.connect('producer')
  const queues = Object.values(QUEUES).map((name) => openQueue(name, connection))
  for (const queue of queues)
    queue.on('error', (error) => deps.log.debug({ err: error }, 'dashboard: queue error'))
  return {
    queues,
    async [Symbol.asyncDispose]() {
      await Promise.all(queues.map((queue) => queue.close()))
      connection.disconnect()
    },
  }
}
