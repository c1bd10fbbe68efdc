import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

/** On the loopback address nothing listens here: a port that was just closed may be another test's next one. */
export const CLOSED_PORT = 2

// Systems hand out higher ones where any port will do, so that a test beside this one is not given it in the meantime.
const LOWEST = 10_000
const HIGHEST = 32_000
const given = new Set<number>()

/** A port of the loopback address for a server that is started next. */
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
