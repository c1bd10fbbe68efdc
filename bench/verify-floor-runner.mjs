// The least that runs a project: boot, one request to /health, its tests. No messages, no limits, no checks.
import { globSync } from 'node:fs'
import process from 'node:process'
import { run } from 'node:test'

process.env.PORT = process.argv[2]
// A project with parts from a model takes it away from them.
const { fetch } = globalThis
await import(`file://${process.cwd()}/src/index.ts`)
const health = await fetch(`http://127.0.0.1:${process.argv[2]}/health`)
if (health.status !== 200) process.exit(1)
const before = process.listeners('beforeExit')
let close
const events = run({
  isolation: 'none',
  files: globSync('tests/**/*.test.ts').sort(),
  setup: () => (close = process.listeners('beforeExit').filter((listener) => !before.includes(listener))),
})
let failed = false
for await (const { type } of events) {
  if (type === 'test:dequeue') for (const listener of close.splice(0)) listener(0)
  if (type === 'test:fail') failed = true
}
process.exit(failed ? 1 : 0)
