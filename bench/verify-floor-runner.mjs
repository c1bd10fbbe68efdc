// The minimum to run a project: boot, one request to /health, its tests. No messages, no limits, no checks.
import { globSync, writeSync } from 'node:fs'
import process from 'node:process'
import { text } from 'node:stream/consumers'
import { runTests } from './verify-floor-tests.mjs'

const [port, isRepeated] = process.argv.slice(2)
process.env.PORT = port
// A project with model-written code removes it.
const { fetch } = globalThis
await import(`file://${process.cwd()}/src/index.ts`)
const health = await fetch(`http://127.0.0.1:${port}/health`)
if (health.status !== 200) process.exit(1)
writeSync(1, 'listening\n')
const passed = await runTests(globSync('tests/**/*.test.ts').sort())
writeSync(1, 'tested\n')
// Its tests are replayed against it.
if (isRepeated) await text(process.stdin)
process.exit(passed ? 0 : 1)
