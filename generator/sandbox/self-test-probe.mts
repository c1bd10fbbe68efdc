/** The hostile program of the self-test. Attempts what a sandbox must prevent, and reports on descriptor 3. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import {
  appendFileSync,
  closeSync,
  openSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { connect, createServer, type AddressInfo, type NetConnectOpts } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { text } from 'node:stream/consumers'

type Orders = {
  canary: string
  port: number
  socket: string
  abstractSocket: string
  worker: number
  kit: string
  project: string
  forks: number
  /** How long one connection may take, in milliseconds. */
  dialMs: number
  /** Marks the command line of the leftover process. */
  mark: string
  /** Base64; null on unsupported architectures. */
  socketProgram: string | null
}
// Streamed: reading an empty pipe synchronously may fail with EAGAIN.
const orders = JSON.parse(await text(process.stdin)) as Orders

function attempt<T>(action: () => T): T | null {
  try {
    return action()
  } catch {
    return null
  }
}

/** Null when the attempt neither connected nor failed in time. */
function dial(to: NetConnectOpts): Promise<boolean | null> {
  return new Promise((resolve) => {
    const socket = connect({ ...to, timeout: orders.dialMs })
    const end = (reached: boolean | null) => {
      socket.destroy()
      resolve(reached)
    }
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
    socket.once('timeout', () => end(null))
  })
}

async function dialOwnServer(): Promise<boolean | null> {
  const server = createServer((socket) => socket.destroy())
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  const reached = await dial({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' })
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

/** How many child processes it can start, up to `limit`. */
function fork(limit: number): number {
  const children: ChildProcess[] = []
  while (children.length < limit) {
    const child = attempt(() =>
      spawn('/proc/self/exe', ['-e', 'setTimeout(() => {}, 90000)'], { stdio: 'ignore' }),
    )
    child?.on('error', () => {})
    if (child?.pid === undefined) break
    children.push(child)
  }
  for (const child of children) child.kill('SIGKILL')
  return children.length
}

/** The kernel's result for sockets of every family, or null when the probe program does not run. */
function openSockets(program: string): number[] | null {
  const path = join(tmpdir(), 'sockets')
  const { stdout, status } =
    attempt(() => {
      writeFileSync(path, Buffer.from(program, 'base64'), { mode: 0o755 })
      return spawnSync(path, { stdio: ['ignore', 'pipe', 'ignore'] })
    }) ?? {}
  attempt(() => unlinkSync(path))
  if (status !== 0 || !stdout) return null
  return Array.from({ length: stdout.length / 4 }, (_, index) => stdout.readInt32LE(index * 4))
}

/** Creates a file where that must fail; removes it if it succeeded. */
const plant = (path: string, put: (path: string) => void): boolean =>
  attempt(() => (put(path), unlinkSync(path), true)) ?? false

// Holds the result channel open for as long as it lives.
attempt(() =>
  spawn(process.execPath, ['-e', `setTimeout(() => {}, 90000) // ${orders.mark}`], {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 3],
  }).unref(),
)

const status = attempt(() => readFileSync('/proc/self/status', 'utf8')) ?? ''
const seen = {
  uid: process.getuid?.() ?? -1,
  capabilities: /^CapEff:\s*(\w+)/m.exec(status)?.[1] ?? 'unknown',
  environment: Object.keys(process.env),
  accounts: attempt(() => readFileSync('/etc/passwd', 'utf8')),
  canary: attempt(() => readFileSync(orders.canary, 'utf8')) !== null,
  dialled: await dial({ port: orders.port, host: '127.0.0.1' }),
  dialledSocket: await dial({ path: orders.socket }),
  dialledAbstract: await dial({ path: orders.abstractSocket }),
  processes: readdirSync('/proc').filter((name) => /^\d+$/.test(name)).length,
  signalled: attempt(
    // Signal 0 only checks permission. The pid may belong to another process in here, so compare the command line.
    () => (process.kill(orders.worker, 0), readFileSync(`/proc/${orders.worker}/cmdline`, 'utf8')),
  ),
  wroteProject: plant(join(orders.project, 'planted'), (path) => writeFileSync(path, 'x', { flag: 'wx' })),
  linked: plant(join(orders.project, 'link'), (path) => symlinkSync('/etc/passwd', path)),
  wroteKit: plant(join(orders.kit, `.planted-${process.pid}`), (path) =>
    writeFileSync(path, 'x', { flag: 'wx' }),
  ),
  openedSystem: attempt(() => (closeSync(openSync('/etc/hosts', 'r+')), true)) ?? false,
  sockets: orders.socketProgram === null ? null : openSockets(orders.socketProgram),
  diskBytes: fillDisk(),
  loopback: await dialOwnServer(),
  forks: fork(orders.forks),
}
writeSync(3, `${JSON.stringify(seen)}\n`)
process.exit(0)
