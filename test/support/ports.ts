import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

/** A loopback port that is never used: a recently closed port may be reused by another test. */
export const CLOSED_PORT = 2

// Ephemeral ports are higher, so that concurrent tests cannot get this one.
const LOWEST = 10_000
const HIGHEST = 32_000
const given = new Set<number>()

/** A free loopback port for a server that is started next. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(LOWEST, HIGHEST)
    if (given.has(port)) continue
    const server = createServer()
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => resolve(true))
    })
    if (!isFree) continue
    given.add(port)
    server.close()
    await once(server, 'close')
    return port
  }
}
