import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import {
  RedisServerState,
  SocketConnectionTransport,
  attachSession,
  createRedisCommandExecutor,
} from 'js-redis-server/core'
import type { Logger } from 'pino'
import type { RedisTarget } from '../../connect.ts'
import { loadSnapshot, makePersistence } from './persistence.ts'

/**
 * Redis in JavaScript inside this process, persisted in one snapshot file: no installation, and the same commands and
 * scripts as in production. Listens on a free loopback port with a random password.
 *
 * @throws SnapshotCorruptError when the file exists but cannot be read.
 */
export async function openEmbedded(deps: {
  file: string
  isVolatile: (key: string) => boolean
  log: Logger
  /** Snapshot interval, in milliseconds. */
  periodMs?: number
}): Promise<{ target: RedisTarget; flush(): Promise<void> } & AsyncDisposable> {
  const entries = await loadSnapshot(deps.file)
  const password = randomBytes(24).toString('base64url')
  const state = new RedisServerState({ requirepass: password })
  const database = state.getDatabase(0)
  const { file, isVolatile, log, periodMs = 250 } = deps
  const persistence = makePersistence({ file, database, isVolatile, periodMs, log })
  for (const { key, value, expiresAt } of entries)
    database.set(key, value, expiresAt === undefined ? {} : { expiresAt })

  const executor = createRedisCommandExecutor()
  const sockets = new Set<Socket>()
  // Without noDelay every round trip waits about 40 ms for a delayed ACK.
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    attachSession(new SocketConnectionTransport(socket), {
      state,
      executor,
      logger: { error: (error: unknown) => log.debug({ err: error }, 'embedded queue: connection error') },
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  return {
    target: {
      kind: 'single',
      description: 'the embedded queue',
      options: { host: '127.0.0.1', port, password },
    },
    flush: persistence.flush,
    async [Symbol.asyncDispose]() {
      // Blocked reads would keep the process alive.
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
      state.close()
      await persistence[Symbol.asyncDispose]()
    },
  }
}
