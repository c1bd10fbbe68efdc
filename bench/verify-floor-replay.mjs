// The least that repeats a project's tests against the service that runs: as the judge does, without messages or checks.
import process from 'node:process'
import { text } from 'node:stream/consumers'
import { runTests } from './verify-floor-tests.mjs'

const [port, ...files] = process.argv.slice(2)
const begun = text(process.stdin)
Reflect.set(globalThis, Symbol.for('judged'), { port: Number(port), stub: null, apiKey: '', begun })
process.exit((await runTests(files)) ? 0 : 1)
