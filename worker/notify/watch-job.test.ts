import { setImmediate as soon } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { aView } from '../../bots/testing/views.ts'
import { watchJob } from './watch-job.ts'

const never = new AbortController().signal

test('a slow reader gets the latest view and skips intermediate ones', async () => {
  await using watch = watchJob(async function* () {
    for (const progress of [1, 2, 3]) yield { view: aView({ progress }) }
  }, never)
  await soon()
  expect((await watch.view()).progress).toBe(3)
})

test('a change while nothing waits is not missed', async () => {
  await using watch = watchJob(async function* () {
    yield { view: aView() }
  }, never)
  await soon()
  await watch.changed()
  expect(await watch.view()).toEqual(aView())
})

test('waiting ends after the timeout, and on abort', async () => {
  const stop = new AbortController()
  await using watch = watchJob(async function* (signal) {
    yield { view: aView() }
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
  }, stop.signal)
  await watch.view()
  await watch.changed(10)
  setTimeout(() => stop.abort(new Error('stopping')), 10)
  await expect(watch.changed()).rejects.toThrow('stopping')
})

test('stream errors are thrown, and an empty stream is an error', async () => {
  await using broken = watchJob(async function* () {
    yield { view: aView() }
    await soon()
    throw new Error('the queue is away')
  }, never)
  await broken.view()
  await expect(broken.changed()).rejects.toThrow('the queue is away')
  await using empty = watchJob(async function* () {}, never)
  await expect(empty.view()).rejects.toThrow('Job not found')
})
