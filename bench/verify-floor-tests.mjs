import process from 'node:process'
import { run } from 'node:test'

/** Runs test files in this process; returns whether all passed. */
export async function runTests(files) {
  const before = process.listeners('beforeExit')
  let close
  const events = run({
    isolation: 'none',
    files,
    setup: () => (close = process.listeners('beforeExit').filter((listener) => !before.includes(listener))),
  })
  let passed = true
  for await (const { type } of events) {
    if (type === 'test:dequeue') for (const listener of close.splice(0)) listener(0)
    if (type === 'test:fail') passed = false
  }
  return passed
}
