import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { onStopSignals } from './stop-signals.ts'

/** A process that gets signals at given times, in milliseconds; gives what was called. */
function signalled(...signals: readonly (readonly [at: number, name: 'SIGINT' | 'SIGTERM'])[]): string[] {
  const process = new EventEmitter()
  const called: string[] = []
  let time = 0
  onStopSignals({
    process: process as unknown as Pick<NodeJS.Process, 'on'>,
    first: () => called.push('first'),
    again: () => called.push('again'),
    now: () => time,
  })
  for (const [at, name] of signals) {
    time = at
    process.emit(name)
  }
  return called
}

test('one signal stops, a later one does not wait', () => {
  expect(signalled([0, 'SIGINT'])).toEqual(['first'])
  expect(signalled([0, 'SIGTERM'], [2_000, 'SIGINT'])).toEqual(['first', 'again'])
})

test('a launcher that passes on what the terminal sent to both is not a second signal', () => {
  expect(signalled([0, 'SIGINT'], [3, 'SIGINT'])).toEqual(['first'])
  expect(signalled([0, 'SIGINT'], [3, 'SIGINT'], [900, 'SIGINT'])).toEqual(['first', 'again'])
})
