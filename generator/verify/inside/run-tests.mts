/** Runs test files in this process and forwards node:test's events. Uses only Node. */
import { relative } from 'node:path'
import process from 'node:process'
import { finished } from 'node:stream/promises'
import { run } from 'node:test'
import type { FileCounts } from '../runner-messages.ts'
import { cut, describe } from './describe.mts'

/** Of one file, so that one that fails a lot does not hide the others. */
const MAX_OF_FILE = 5
/** With the longest texts far less than what a project may say. */
const MAX_FAILURES = 100

export type Failure = {
  name: string
  file: string | null
  line: number | null
  message: string
  stack: string
}

export async function runTests(input: {
  /** Absolute, or relative to `cwd`. */
  readonly files: readonly string[]
  readonly cwd: string
  readonly onRunning: (test: { name: string; file: string | null }) => void
  readonly onFailure: (failure: Failure) => void
}): Promise<FileCounts[]> {
  const counts = new Map<string, { passed: number; failed: number; skipped: number }>()
  const countOf = (file: string | undefined) => {
    const name = file === undefined ? '' : relative(input.cwd, file)
    const found = counts.get(name) ?? { passed: 0, failed: 0, skipped: 0 }
    counts.set(name, found)
    return found
  }
  let failures = 0
  // Without processes of its own, node:test closes its books when the event loop runs dry, which it does not while
  // something listens. So its listener is called as soon as a test runs: it waits for all that are registered.
  const before = process.listeners('beforeExit')
  let closeBooks: ((code: number) => void)[] = []
  const events = run({
    isolation: 'none',
    files: input.files,
    cwd: input.cwd,
    setup: () => {
      closeBooks = process.listeners('beforeExit').filter((listener) => !before.includes(listener))
    },
  })
  // These come at once and not through the stream, so that a test that never gives control back was named before.
  events.on('test:dequeue', ({ name, file }) => {
    for (const close of closeBooks.splice(0)) close(0)
    input.onRunning({ name: cut(name, 300), file: file ?? null })
  })
  events.on('test:pass', (data) => {
    if (data.details.type === 'suite' || standsForItsFile(data)) return
    if (data.skip !== undefined || data.todo !== undefined) countOf(data.file).skipped++
    else countOf(data.file).passed++
  })
  events.on('test:fail', (data) => {
    if (data.details.type === 'suite' && !failsByItself(data)) return
    if (data.todo !== undefined) {
      countOf(data.file).skipped++
      return
    }
    countOf(data.file).failed++
    const { name, file, line } = data
    if (countOf(file).failed > MAX_OF_FILE || failures === MAX_FAILURES) return
    failures += 1
    input.onFailure({
      name: cut(name, 300),
      file: file ?? null,
      line: line ?? null,
      ...describe(causeOf(data)),
    })
  })
  await finished(events.resume())
  return [...counts].map(([file, found]) => ({ file, ...found }))
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

/** A suite whose hooks failed counts as a failure; one whose tests failed is counted by those tests. */
function failsByItself(data: object): boolean {
  const error = (data as { details: { error?: { failureType?: string } } }).details.error
  return error !== undefined && error.failureType !== 'subtestsFailed'
}

function causeOf(data: object): unknown {
  const error = (data as { details: { error?: Error } }).details.error
  return error?.cause ?? error
}
