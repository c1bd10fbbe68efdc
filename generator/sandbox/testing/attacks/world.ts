import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execPath, kill } from 'node:process'

/** The targets of a suite, on loopback and in one folder; removed with it. */
export type World = AsyncDisposable & {
  readonly nodePath: string
  /** Planted in every protected place; obtaining it proves success. */
  readonly secret: string
  /** A folder of the machine, which the attacker is not shown. */
  readonly folder: string
  readonly secretFile: string
  /** A file that only a sandbox keeps an attacker from. */
  readonly openFile: string
  /** Another user's folder in the temporary folder. */
  readonly otherTempFolder: string
  /** Where the folders of jobs are; another job has one of them. */
  readonly jobs: string
  /** Stands for the kit: read-only for a run. */
  readonly kit: string
  /** Services of the machine that respond with the secret; `datagrams` records what the UDP port received. */
  readonly tcpPort: number
  readonly udpPort: number
  readonly socket: string
  readonly abstractSocket: string
  readonly datagrams: readonly string[]
  /** Processes that stand for the worker: the secret is in their command line, environment, memory and open files. */
  readonly worker: number
  /** A process that attacks may kill. */
  readonly killTarget: number
}

/** Holds the secret in every way that a process can; reads from stdin so that it ends with the suite. */
const VICTIM = `
  const fs = require('node:fs')
  const path = process.env.VICTIM_FOLDER + '/held-' + process.pid
  const held = fs.openSync(path, 'w+'); fs.writeSync(held, process.env.VICTIM_SECRET); fs.unlinkSync(path)
  kept = Buffer.from(process.env.VICTIM_SECRET)
  console.log('held ' + held); process.stdin.resume(); process.stdin.on('end', () => process.exit(0))`

export async function makeWorld(): Promise<World> {
  await using stack = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'attacks-'))
  stack.defer(() => rmSync(folder, { recursive: true, force: true }))
  // The user inside a sandbox must get to the workspaces in it.
  chmodSync(folder, 0o755)
  const secret = `secret-${randomBytes(12).toString('hex')}`
  const secretFile = join(folder, 'secret.txt')
  writeFileSync(secretFile, secret, { mode: 0o644 })
  const openFile = join(folder, 'open.txt')
  writeFileSync(openFile, 'original')
  chmodSync(openFile, 0o666)
  const neighbour = mkdtempSync(join(tmpdir(), 'neighbour-'))
  stack.defer(() => rmSync(neighbour, { recursive: true, force: true }))
  chmodSync(neighbour, 0o755)
  writeFileSync(join(neighbour, 'secret.txt'), secret)
  const [jobs, kit] = [join(folder, 'jobs'), join(folder, 'kit')]
  mkdirSync(join(jobs, 'backend-verify-other', 'project'), { recursive: true })
  writeFileSync(join(jobs, 'backend-verify-other', 'project', 'index.ts'), secret)
  mkdirSync(join(kit, 'fastify'), { recursive: true })
  mkdirSync(join(kit, '.compile-cache'), { recursive: true })
  // World-writable: what keeps an attacker from it must be the sandbox and not the modes.
  for (const path of [kit, join(kit, 'fastify'), join(kit, '.compile-cache')]) chmodSync(path, 0o777)
  writeFileSync(join(kit, 'fastify', 'index.js'), 'original', { mode: 0o666 })
  chmodSync(join(kit, 'fastify', 'index.js'), 0o666)

  const letters: string[] = []
  const listen = async (at: { port: number; host: string } | { path: string }) => {
    const server = createServer((connection) => {
      connection.on('error', () => {}).end(secret)
    })
    server.listen(at)
    await once(server, 'listening')
    stack.defer(() => void server.close())
    return server.address() as AddressInfo
  }
  const socket = join(folder, 'docker.sock')
  const abstractSocket = `\0${folder}`
  const { port: tcpPort } = await listen({ port: 0, host: '127.0.0.1' })
  await listen({ path: socket })
  await listen({ path: abstractSocket })
  const udp = createSocket('udp4', (letter) => letters.push(letter.toString('latin1'))).bind(0, '127.0.0.1')
  await once(udp, 'listening')
  stack.defer(() => void udp.close())

  const victim = async () => {
    const child = spawn(execPath, ['-e', VICTIM, secret], {
      env: { VICTIM_FOLDER: folder, VICTIM_SECRET: secret },
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    stack.defer(() => ended(child))
    await once(child.stdout!, 'data')
    return child.pid!
  }
  const [worker, mortal] = await Promise.all([victim(), victim()])
  const owned = stack.move()
  return {
    nodePath: execPath,
    secret,
    folder,
    secretFile,
    openFile,
    otherTempFolder: neighbour,
    jobs,
    kit,
    tcpPort,
    udpPort: udp.address().port,
    socket,
    abstractSocket,
    datagrams: letters,
    worker,
    killTarget: mortal,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

export function isAlive(pid: number): boolean {
  try {
    kill(pid, 0)
    return true
  } catch {
    return false
  }
}
