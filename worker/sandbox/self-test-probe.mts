/** The hostile program of the self-test. Tries what a sandbox must stop, and says on descriptor 3 what it got. */
import { spawn } from 'node:child_process'
import { appendFileSync, readFileSync, readdirSync, writeFileSync, writeSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'

type Orders = { canary: string; port: number; kit: string; project: string }
const orders = JSON.parse(readFileSync(0, 'utf8')) as Orders

function attempt<T>(action: () => T): T | null {
  try {
    return action()
  } catch {
    return null
  }
}

function dial(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 1000 })
    const end = (reached: boolean) => {
      socket.destroy()
      resolve(reached)
    }
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
    socket.once('timeout', () => end(false))
  })
}

async function dialOwnServer(): Promise<boolean> {
  const server = createServer((socket) => socket.destroy())
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  const reached = await dial((server.address() as AddressInfo).port)
  server.close()
  return reached
}

function fillDisk(): number {
  const path = join(tmpdir(), 'filler')
  const block = Buffer.alloc(1_000_000)
  let written = 0
  while (written < 16_000_000 && attempt(() => (appendFileSync(path, block), true))) written += block.length
  return written
}

// Holds the result channel open for as long as it lives.
attempt(() =>
  spawn(process.execPath, ['-e', 'setTimeout(() => {}, 20000)'], {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 3],
  }).unref(),
)

const seen = {
  uid: process.getuid?.() ?? -1,
  environment: Object.keys(process.env),
  accounts: attempt(() => readFileSync('/etc/passwd', 'utf8')),
  canary: attempt(() => readFileSync(orders.canary, 'utf8')) !== null,
  dialled: await dial(orders.port),
  processes: readdirSync('/proc').filter((name) => /^\d+$/.test(name)).length,
  wroteProject: attempt(() => (writeFileSync(join(orders.project, 'planted'), 'x'), true)) ?? false,
  wroteKit: attempt(() => (writeFileSync(join(orders.kit, '.planted'), 'x', { flag: 'wx' }), true)) ?? false,
  diskBytes: fillDisk(),
  loopback: await dialOwnServer(),
}
writeSync(3, `${JSON.stringify(seen)}\n`)
process.exit(0)
