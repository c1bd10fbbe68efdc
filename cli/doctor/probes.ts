import { constants } from 'node:fs'
import { access, statfs } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname, resolve } from 'node:path'
import type { Finding } from './findings.ts'
import type { DiskProbe } from './checks.ts'

/** The nearest folder that is there: the store's own is made at the first start. */
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

/** Whether the API could listen there. A service that answers /health is taken for ours. */
export async function checkPort({
  host,
  port,
}: {
  readonly host: string
  readonly port: number
}): Promise<Finding> {
  const name = 'Port'
  if (port === 0) return { name, state: 'ok', detail: 'a free one is taken at the start' }
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
          detail: `${port} on ${host} is in use by a service that answers /health: this one runs already`,
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
    detail: `${port} on ${host} cannot be listened on: ${code}`,
    advice: 'Set PORT or HOST to what this user may use.',
  }
}
