/**
 * A judge in the same process as the project, kept to show why that is unsafe: it boots the project, checks its
 * health, runs its tests, and reports on descriptor 3.
 */
import { tracingChannel } from 'node:diagnostics_channel'
import { globSync, writeSync } from 'node:fs'
import type { Server } from 'node:net'
import process from 'node:process'
import { finished } from 'node:stream/promises'
import { run } from 'node:test'

const send = (message: object) => void writeSync(3, `${JSON.stringify(message)}\n`)

tracingChannel<object, { server: Server }>('net.server.listen').subscribe({
  asyncEnd({ server }: { server: Server }) {
    const address = server.address()
    if (typeof address === 'object' && address?.port === Number(process.env['PORT'])) void judge()
  },
} as never)

async function judge(): Promise<void> {
  for (const path of ['/health', '/ready', '/docs/json']) {
    const { status } = await fetch(`http://127.0.0.1:${process.env['PORT']}${path}`)
    send({ kind: 'probe', path, status })
  }
  const before = process.listeners('beforeExit')
  let closeBooks: ((code: number) => void)[] = []
  const counts = { passed: 0, failed: 0 }
  const events = run({
    isolation: 'none',
    files: globSync('tests/**/*.test.ts').sort(),
    setup: () => {
      closeBooks = process.listeners('beforeExit').filter((listener) => !before.includes(listener))
    },
  })
  events.on('test:dequeue', () => {
    for (const close of closeBooks.splice(0)) close(0)
  })
  events.on('test:pass', ({ details }) => {
    if (details.type !== 'suite') counts.passed++
  })
  events.on('test:fail', () => {
    counts.failed++
  })
  await finished(events.resume())
  send({ kind: 'tests', ...counts })
  process.exitCode = undefined
  process.kill(process.pid, 'SIGTERM')
}
