/**
 * Preloaded with `node --import` before a project's own entry: reports when it listens, and runs its own tests in the same
 * process. The project's code runs beside it and can forge any message, so the judge, which started this process, treats
 * each as a claim.
 *
 * `.mts`: no package.json lies beside it in a sandbox.
 */
import { tracingChannel } from 'node:diagnostics_channel'
import { globSync, readSync, writeSync as write } from 'node:fs'
import type { Server } from 'node:net'
import process from 'node:process'
import { text } from 'node:stream/consumers'
import type { Claim, ProjectOrders } from '../runner-messages.ts'
import { describe } from './describe.mts'
import { runTests } from './run-tests.mts'

const CHANNEL = 3
const NEWLINE = 10

/** Interval of checks that the judge is alive, in milliseconds. */
const ORPHAN_CHECK_MS = 500

// Taken now, so that a project that replaces them later changes nothing here.
const { parse, stringify } = JSON
const writeSync = write
const orders = parse(readOrders()) as ProjectOrders

/** The first line of stdin. A pipe that does not block says EAGAIN as long as the judge has not written yet. */
function readOrders(): string {
  const bytes: number[] = []
  const byte = Buffer.alloc(1)
  for (;;) {
    try {
      if (readSync(0, byte) === 0 || byte[0] === NEWLINE) return Buffer.from(bytes).toString('utf8')
      bytes.push(byte[0]!)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2)
    }
  }
}

function send(claim: Claim): void {
  // Without a prototype there is no `toJSON` to inherit.
  writeSync(CHANNEL, `${orders.nonce} ${stringify({ __proto__: null, ...claim })}\n`)
}

// Where nothing else ends this process with a judge that was killed, it ends itself.
const parent = process.ppid
setInterval(() => {
  if (process.ppid !== parent) process.exit(1)
}, ORPHAN_CHECK_MS).unref()
const listening = untilListening(orders.port)
check().catch((error: unknown) => {
  send({ kind: 'fault', ...describe(error) })
  process.exit(1)
})

async function check(): Promise<void> {
  await listening
  send({ kind: 'listening', uptimeMs: performance.now() })
  // Until the judge has seen the service without its tests, which may keep it from answering.
  await text(process.stdin)
  const files = globSync(orders.tests, { cwd: process.cwd() }).sort()
  const counts =
    files.length === 0
      ? []
      : await runTests({
          files,
          cwd: process.cwd(),
          onRunning: (test) => send({ kind: 'running', ...test }),
          onFailure: (failure) => send({ kind: 'failure', ...failure }),
        })
  // The test runner sets it where tests failed; how the service ends is another question.
  process.exitCode = undefined
  send({ kind: 'tests', files: files.length, counts })
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
