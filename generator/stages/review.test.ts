import { pino } from 'pino'
import { expect, it } from 'vitest'
import { todoWithComplete } from '../codegen/testing/operations.ts'
import { UNLIMITED_BUDGET, openAccount } from '../llm/account.ts'
import { ModelError } from '../llm/model-error.ts'
import type { StructuredCall, StructuredModel } from '../llm/structured-model.ts'
import { noUsage } from '../llm/usage.ts'
import { makeReview } from './review.ts'

const prompt =
  'A to-do API. Completing a to-do twice is refused.\nSend a mail to whoever wrote it. Name it fast.'

/** A model that answers what it is told to, and what it was asked. */
function reviewing(answer: () => unknown) {
  const calls: StructuredCall[] = []
  const model: StructuredModel = {
    name: 'stand-in',
    async ask(call) {
      calls.push(call)
      return { value: answer(), usage: noUsage }
    },
  }
  const stored = new Map<string, unknown>()
  const cancel = new AbortController()
  const context = {
    // What `makeCheckpoints` does, without a store.
    once: async <T>(stage: string, inputs: unknown, _schema: unknown, work: () => Promise<T>): Promise<T> => {
      const key = JSON.stringify([stage, inputs])
      if (!stored.has(key)) stored.set(key, await work())
      return stored.get(key) as T
    },
    account: openAccount({ budget: UNLIMITED_BUDGET, price: null }),
    signal: cancel.signal,
    onProgress: () => {},
  }
  const review = makeReview({ model, log: pino({ level: 'silent' }) })
  const notBuilt = ['Name it fast.']
  const run = () => review({ prompt, blueprint: todoWithComplete, notBuilt }, context)
  return { run, calls, cancel }
}

const missing = (...sentences: string[]) => ({
  missing: sentences.map((sentence) => ({ sentence, why: 'No route does that.' })),
})

it('names the sentences of the request that have no counterpart, word for word and once', async () => {
  const { run } = reviewing(() =>
    missing(
      'Send a mail  to whoever wrote it',
      'send a mail to whoever wrote it.',
      'Delete everything.',
      'Name it fast',
      '',
    ),
  )
  expect(await run()).toEqual({ kind: 'compared', missing: ['Send a mail to whoever wrote it'] })
})

it('shows the model the request and the rules as data, and no code', async () => {
  const { run, calls } = reviewing(() => missing())
  await run()
  const [call] = calls
  expect(call).toMatchObject({ stage: 'review', schemaName: 'review' })
  const text = call!.input[0]!.text
  const line = /lines that read (\S+)\./.exec(text)![1]!
  expect(text).toContain(`${line}\n${prompt}\n${line}`)
  expect(text).toContain('POST /todos/:id/complete')
  expect(text).toContain('A to-do that is done already is refused.')
  expect(text).not.toContain('export function')
})

it('asks once for equal inputs, however often a job is attempted', async () => {
  const { run, calls } = reviewing(() => missing('Send a mail to whoever wrote it.'))
  expect(await run()).toEqual(await run())
  expect(calls).toHaveLength(1)
})

it.each([
  [
    'a failing call',
    () => {
      throw new ModelError({ code: 'model_unavailable', message: 'It is down.', hint: '', usage: noUsage })
    },
    'It is down.',
  ],
  ['an answer of another form', () => ({ found: [] }), 'The answer of the model has another form.'],
])('never fails: %s', async (_what, answer, reason) => {
  expect(await reviewing(answer).run()).toEqual({ kind: 'failed', reason })
})

it('stops when the job does', async () => {
  const { run, cancel } = reviewing(() => {
    cancel.abort(new Error('cancelled'))
    throw new Error('aborted')
  })
  await expect(run()).rejects.toThrow('cancelled')
})
