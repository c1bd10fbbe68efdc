import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { kill } from 'node:process'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeFolder } from '#lib/make-folder'
import type { Logger } from 'pino'
import { makeClient, type RedisTarget } from '../connect.ts'
import { stopOrphanedRedis } from './orphaned-redis.ts'
import type { RedisExecutable } from './redis-executable.ts'

const START_MS = 15_000
const STOP_MS = 5_000
/** Unix socket paths are limited: 104 bytes on macOS, 108 on Linux. */
const SOCKET_PATH_MAX = 100

/**
 * Starts the server and guards it. Our end of the pipe closes however this process ends, including kill -9; the guard then
 * terminates the server, which saves and exits within milliseconds.
 */
const GUARD = `
umask 077
exec 3<&0 </dev/null
"$@" 3<&- &
server=$!
( read -r _ <&3; kill -TERM "$server" 2>/dev/null ) &
watch=$!
wait "$server"
code=$?
kill "$watch" 2>/dev/null
exit "$code"
`

type Child = ChildProcessByStdio<Writable, Readable, Readable>

/**
 * Runs a redis-server child on `folder` until disposed: append-only file, no eviction, reachable only by a Unix socket
 * (mode 0700). It does not outlive this process and is restarted when it dies. The caller must hold the lock on the folder.
 * Rejects when the server is not ready within 15 seconds.
 */
export async function startRedisChild(deps: {
  executable: RedisExecutable
  folder: string
  log: Logger
  signal?: AbortSignal | undefined
}): Promise<{ target: RedisTarget } & AsyncDisposable> {
  const folder = resolve(deps.folder)
  await makeFolder(folder)
  const { path, release } = await socketPath(folder)
  const target: RedisTarget = { kind: 'single', description: 'redis-server', options: { path } }
  await stopOrphanedRedis(folder, target, deps.signal)

  let stopping = false
  let child = launch(deps.executable, folder, path)
  const closed = Promise.withResolvers<void>()
  const supervise = async (delayMs: number) => {
    const startedAt = performance.now()
    const reason = await child.exited
    if (stopping) return closed.resolve()
    deps.log.error({ reason }, 'redis-server exited unexpectedly, restarting it')
    await sleep(delayMs)
    if (stopping) return closed.resolve()
    child = launch(deps.executable, folder, path)
    void supervise(performance.now() - startedAt > 60_000 ? 200 : Math.min(delayMs * 2, 10_000))
  }

  const stop = async () => {
    stopping = true
    child.process.stdin.end()
    const overdue = setTimeout(() => child.killGroup(), STOP_MS)
    await closed.promise
    clearTimeout(overdue)
    await release()
  }

  try {
    await waitUntilReady(child, target, deps.signal)
  } catch (error) {
    child.process.stdin.end()
    await Promise.race([child.exited, sleep(STOP_MS).then(child.killGroup)])
    await release()
    throw error
  }
  void supervise(200)
  return { target, [Symbol.asyncDispose]: stop }
}

function launch(executable: RedisExecutable, folder: string, socket: string) {
  const settings = {
    port: '0',
    unixsocket: socket,
    unixsocketperm: '700',
    dir: folder,
    pidfile: join(folder, 'redis.pid'),
    daemonize: 'no',
    loglevel: 'warning',
    save: '',
    appendonly: 'yes',
    appendfsync: 'everysec',
    'maxmemory-policy': 'noeviction',
  }
  const options = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])
  // Its own process group, so that Ctrl-C reaches only this process and the queue outlives the last job.
  const process: Child = spawn('/bin/sh', ['-c', GUARD, 'sh', executable.path, ...options], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  })
  process.stdin.on('error', () => {})
  let tail = ''
  for (const stream of [process.stdout, process.stderr])
    stream.on('data', (chunk: Buffer) => (tail = (tail + chunk.toString()).slice(-2_000)))

  const exited = new Promise<string>((done) => {
    process.once('error', (error) => done(error.message))
    process.once('close', (code, signal) => done(lastOutput(tail) || (signal ?? `exit code ${code}`)))
  })
  return {
    process,
    exited,
    killGroup: () => {
      try {
        if (process.pid !== undefined) kill(-process.pid, 'SIGKILL')
      } catch {
        // The process group has already exited.
      }
    },
  }
}

/** Last line of server output, without pid, role and time. */
function lastOutput(output: string): string {
  const line = output.trim().split('\n').at(-1) ?? ''
  return line.replace(/^\d+:[A-Z] .{15,30}? [#*.-] /, '').replace(/\.$/, '')
}

/** Resolves when the server has loaded its files and responds. */
async function waitUntilReady(
  child: { exited: Promise<string> },
  target: RedisTarget,
  signal?: AbortSignal,
): Promise<void> {
  const client = makeClient(target, 'plain', { retryStrategy: () => 20, maxRetriesPerRequest: null })
  client.on('error', () => {})
  try {
    const timeout = new AbortController()
    await Promise.race([
      client.ping(),
      child.exited.then((reason) => Promise.reject(new Error(`redis-server did not start: ${reason}`))),
      sleep(START_MS, undefined, {
        signal: AbortSignal.any([timeout.signal, ...(signal ? [signal] : [])]),
      }).then(() =>
        Promise.reject(new Error(`redis-server was not ready within ${START_MS / 1000} seconds`)),
      ),
    ]).finally(() => timeout.abort())
  } finally {
    client.disconnect()
  }
}

/** In the data folder if the path is short enough, otherwise in a private temporary folder. */
async function socketPath(folder: string): Promise<{ path: string; release(): Promise<void> }> {
  const inside = join(folder, 'redis.sock')
  if (Buffer.byteLength(inside) <= SOCKET_PATH_MAX) return { path: inside, release: async () => {} }
  const outside = await mkdtemp(join(tmpdir(), 'gb-redis-'))
  return { path: join(outside, 'redis.sock'), release: () => rm(outside, { recursive: true, force: true }) }
}
