/**
 * Preloaded with `node --import` before a project's own entry: watches it boot, asks it how it is, runs its tests in
 * the same process, and tells it to stop. Runs where the project's code runs, so it uses nothing but Node, and what
 * it says goes to file descriptor 3 behind a nonce that it read from stdin before any line of the project ran.
 *
 * boot ──► health ──► openapi ──► tests ──► shutdown ──► the event loop is empty
 *
 * `.mts`: no package.json lies beside it in a sandbox.
 */
import { tracingChannel } from 'node:diagnostics_channel'
import { globSync, readSync, writeSync as write } from 'node:fs'
import { get } from 'node:http'
import { createServer, type AddressInfo, type Server } from 'node:net'
import process from 'node:process'
import { finished } from 'node:stream/promises'
import { run } from 'node:test'
import type { RunnerMessage, RunnerOrders } from './runner-messages.ts'

const CHANNEL = 3
const MAX_FAILURES = 20
const MAX_TEXT = 4000

/** How often to look whether the worker still lives, in milliseconds. */
const ORPHAN_CHECK_MS = 500

// Taken now, so that a project that replaces them later changes nothing here.
const { parse, stringify } = JSON
const writeSync = write
const kill = process.kill.bind(process, process.pid)
const orders = parse(readOrders()) as RunnerOrders

/** All of stdin. A pipe that does not block says EAGAIN as long as the worker has not written yet. */
function readOrders(): string {
  const chunks: Buffer[] = []
  const chunk = Buffer.alloc(65_536)
  for (;;) {
    try {
      const bytes = readSync(0, chunk)
      if (bytes === 0) return Buffer.concat(chunks).toString('utf8')
      chunks.push(Buffer.from(chunk.subarray(0, bytes)))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2)
    }
  }
}

function send(message: RunnerMessage): void {
  // Without a prototype there is no `toJSON` to inherit.
  writeSync(CHANNEL, `${orders.nonce} ${stringify({ __proto__: null, ...message })}\n`)
}

let stage: RunnerOrders['stages'][number] = 'boot'
function enter(next: typeof stage): void {
  stage = next
  send({ kind: 'stage', stage: next })
}

enter('boot')
// Where nothing else ends this process with a worker that was killed, it ends itself.
const parent = process.ppid
setInterval(() => {
  if (process.ppid !== parent) process.exit(1)
}, ORPHAN_CHECK_MS).unref()
process.on('exit', (code) => send({ kind: 'exit', code, stage }))
const port = await freePort()
process.env['PORT'] = String(port)
const listening = untilListening(port)
check().catch((error: unknown) => {
  send({ kind: 'fault', ...describe(error) })
  process.exit(1)
})

async function check(): Promise<void> {
  await listening
  send({ kind: 'listening', uptimeMs: performance.now() })
  enter('health')
  for (const path of orders.probes) send({ kind: 'probe', path, ...(await request(path)) })
  enter('openapi')
  send({ kind: 'openapi', ...(await request(orders.openapi, orders.documentLength)) })
  enter('tests')
  await runTests()
  enter('shutdown')
  // The test runner sets it where tests failed; how the service ends is another question.
  process.exitCode = undefined
  kill('SIGTERM')
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

function untilListening(port: number): Promise<void> {
  return new Promise((resolve) => {
    const channel = tracingChannel<{ server: Server }, { server: Server }>('net.server.listen')
    const subscriber = {
      asyncEnd({ server }: { server: Server }) {
        const address = server.address()
        if (address === null || typeof address === 'string' || address.port !== port) return
        channel.unsubscribe(subscriber as never)
        resolve()
      },
    }
    channel.subscribe(subscriber as never)
  })
}

type Answer = { status: number; body: string; problem?: string }

function request(path: string, limit = 500): Promise<Answer> {
  return new Promise((resolve) => {
    // A connection of its own: one that is kept alive would hold the shutdown up.
    const outgoing = get({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        if (body.length < limit) body += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: body.slice(0, limit) }))
      response.on('error', (error) => resolve({ status: 0, body: '', problem: error.message }))
    })
    outgoing.on('error', (error) => resolve({ status: 0, body: '', problem: error.message }))
  })
}

async function runTests(): Promise<void> {
  const files = globSync(orders.tests, { cwd: process.cwd() }).sort()
  const counts = { passed: 0, failed: 0, skipped: 0 }
  if (files.length > 0) {
    // Without processes of its own, node:test closes its books when the event loop runs dry, which it does not while
    // the service listens. So its listener is called as soon as a test runs: it waits for all that are registered.
    const before = process.listeners('beforeExit')
    let closeBooks: ((code: number) => void)[] = []
    const events = run({
      isolation: 'none',
      files,
      cwd: process.cwd(),
      setup: () => {
        closeBooks = process.listeners('beforeExit').filter((listener) => !before.includes(listener))
      },
    })
    // These come at once and not through the stream, so that a test that never gives control back was named before.
    events.on('test:dequeue', ({ name, file }) => {
      for (const close of closeBooks.splice(0)) close(0)
      send({ kind: 'running', name: cut(name, 300), file: file ?? null })
    })
    events.on('test:pass', (data) => {
      if (data.details.type === 'suite' || standsForItsFile(data)) return
      if (data.skip !== undefined || data.todo !== undefined) counts.skipped++
      else counts.passed++
    })
    events.on('test:fail', (data) => {
      if (data.details.type === 'suite' && !failsByItself(data)) return
      if (data.todo !== undefined) {
        counts.skipped++
        return
      }
      counts.failed++
      if (counts.failed > MAX_FAILURES) return
      const { name, file, line } = data
      send({
        kind: 'failure',
        name: cut(name, 300),
        file: file ?? null,
        line: line ?? null,
        ...describe(causeOf(data)),
      })
    })
    await finished(events.resume())
  }
  send({ kind: 'tests', files: files.length, ...counts })
}

/** A file without tests is reported as one test with the file's own name. */
function standsForItsFile({
  name,
  file,
  nesting,
}: {
  name: string
  file?: string
  nesting: number
}): boolean {
  return file !== undefined && nesting === 0 && (name === file || file.endsWith(`/${name}`))
}

/** A suite whose hooks broke is a failure of its own; one whose tests failed is counted through them. */
function failsByItself(data: object): boolean {
  const error = (data as { details: { error?: { failureType?: string } } }).details.error
  return error !== undefined && error.failureType !== 'subtestsFailed'
}

function causeOf(data: object): unknown {
  const error = (data as { details: { error?: Error } }).details.error
  return error?.cause ?? error
}

function describe(error: unknown): { message: string; stack: string } {
  if (!(error instanceof Error)) return { message: cut(String(error)), stack: '' }
  return { message: cut(`${error.name}: ${error.message}`), stack: cut(String(error.stack)) }
}

function cut(text: string, length = MAX_TEXT): string {
  return text.length > length ? `${text.slice(0, length)}…` : text
}
