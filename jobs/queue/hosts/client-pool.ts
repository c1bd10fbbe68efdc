import type { Logger } from 'pino'
import { makeClient, type ConnectionRole, type RedisLike, type RedisTarget } from '../connect.ts'

/**
 * Creates clients, logs a lost connection once for all of them, and closes the remaining ones on disposal. `description`
 * names the server in the log.
 */
export function makeClientPool(deps: { target: RedisTarget; description: string; log: Logger }) {
  const open = new Set<RedisLike>()
  let lost = false

  return {
    connect(role: ConnectionRole): RedisLike {
      const client = makeClient(deps.target, role)
      open.add(client)
      client.on('error', (error: Error) => {
        if (lost) return
        lost = true
        deps.log.warn({ err: error }, `lost the connection to ${deps.description}, reconnecting`)
      })
      client.on('ready', () => {
        if (lost) deps.log.info(`reconnected to ${deps.description}`)
        lost = false
      })
      client.on('end', () => open.delete(client))
      return client
    },
    [Symbol.dispose]() {
      for (const client of open) client.disconnect()
    },
  }
}
