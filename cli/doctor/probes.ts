import { constants } from 'node:fs'
import { access, statfs } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname, resolve } from 'node:path'
import type { Finding } from './findings.ts'
import type { DiskProbe } from './checks.ts'

/** The nearest existing folder: the store's own is created on first start. */
export async function probeDisk(folder: string): Promise<DiskProbe> {
  let path = resolve(folder)
  while (path !== dirname(path) && !(await can(path, constants.F_OK))) path = dirname(path)
  const { bavail, bsize } = await statfs(path)
  return { path, freeBytes: bavail * bsize, isWritable: await can(path, constants.W_OK) }
}

const can = (path: string, mode: number): Promise<boolean> =>
  access(path, mode).then(
    () => true,
    () => false,
  )

/** Checks that the API can listen. A service that responds to /health is assumed to be ours. */
export async function checkPort({
  host,
  port,
}: {
  readonly host: string
  readonly port: number
}): Promise<Finding> {
  const name = 'Port'
  if (port === 0) return { name, state: 'ok', detail: 'a free port is chosen at startup' }
  const code = await new Promise<string | null>((done) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message))
    server.listen(port, host, () => server.close(() => done(null)))
  })
  if (code === null) return { name, state: 'ok', detail: `${port} on ${host} is free` }
  if (code === 'EADDRINUSE') {
    const ours = await fetch(`http://${host.includes(':') ? `[${host}]` : host}:${port}/health`, {
      signal: AbortSignal.timeout(2000),
    }).then(
      (answer) => answer.ok,
      () => false,
    )
    return ours
      ? {
          name,
          state: 'ok',
          detail: `${port} on ${host} is in use by a service that responds to /health: it is already running`,
        }
      : {
          name,
          state: 'broken',
          detail: `${port} on ${host} is in use by another program`,
          advice: 'Stop it, or set PORT to another one.',
        }
  }
  return {
    name,
    state: 'broken',
    detail: `${port} on ${host} is not available: ${code}`,
    advice: 'Set PORT or HOST to an address that this user may listen on.',
  }
}
