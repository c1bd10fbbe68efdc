import type { Logger } from 'pino'
import { makeClient, type ConnectionRole, type RedisLike, type RedisTarget } from '../connect.ts'

/**
 * Hands out clients, logs the loss of the connection once for all of them, and closes what is left at the end.
 * `describe` names the other side in the log.
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
        deps.log.warn(
          { err: error },
          `lost the connection to ${deps.description}; trying again until it is back`,
        )
      })
      client.on('ready', () => {
        if (lost) deps.log.info(`connected to ${deps.description} again`)
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
