import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeLog } from '#lib/log'
import { thisMachine } from '#lib/machine'
import { ulid } from 'ulid'
import { expect, test } from 'vitest'
import { makeApiClient } from '../bots/api-client.ts'
import type { CustomOperation } from '#contract'
import { emptyRefinement } from '../generator/blueprint/testing/empty-refinement.ts'
import {
  completeTodo,
  completeTodoHandler,
  todoWithComplete,
} from '../generator/codegen/testing/operations.ts'
import { operationToTransport, toLlm } from '../generator/designers/model/testing/to-llm.ts'
import { unzip } from '../generator/archive/unzip.ts'
import { startService } from '../service.ts'
import { startHostileModel, type Call } from './hostile/hostile-model.ts'

const SENTENCE = 'A to-do that is done can be opened again.'
const reopenTodo: CustomOperation = {
  ...completeTodo,
  id: 'reopenTodo',
  path: '/todos/:id/reopen',
  summary: 'Open a to-do again',
  rules: ['Sets done to false.'],
  examples: [
    {
      title: 'a done to-do is open again',
      rows: [{ name: 'todo', entity: 'Todo', values: { done: true } }],
      request: { params: { id: '$todo.id' }, query: {} },
      expect: { status: 200, body: { done: false } },
    },
  ],
}
const reopenTodoHandler = completeTodoHandler
  .replaceAll('completeTodo', 'reopenTodo')
  .replaceAll('CompleteTodo', 'ReopenTodo')
  .replaceAll('complete-todo', 'reopen-todo')
  .replace(/.*already_done.*\n/, '')
  .replace('done: true', 'done: false')

test('what the review misses is built, and what no test notices becomes a test', async () => {
  await using stack = new AsyncDisposableStack()
  const dir = await mkdtemp(join(tmpdir(), 'review-and-mutants-'))
  stack.defer(() => rm(dir, { recursive: true, force: true }))
  const model = stack.use(await startHostileModel())
  const answers = (token: string, call: Call, value: unknown) =>
    model.answer(token, call, { response: { content: JSON.stringify(value) } })
  const design = toLlm(todoWithComplete)
  const [operation] = design.operations
  const [sent, refused] = operation!.examples
  answers('', 'design', { ...design, operations: [{ ...operation, examples: [sent] }] })
  answers('POST /todos/:id/complete', 'code', { code: completeTodoHandler, notes: '', cannot: null })
  answers('', 'review', { missing: [{ sentence: SENTENCE, why: 'No route sets done to false.' }] })
  answers('', 'refinement', { ...emptyRefinement, operations: [operationToTransport(reopenTodo)] })
  answers('POST /todos/:id/reopen', 'code', { code: reopenTodoHandler, notes: '', cannot: null })
  answers('', 'further examples', {
    examples: [refused, { ...sent, title: 'what the rules do not say', answer: '{"done":false}' }].map(
      (example) => ({ operation: 'completeTodo', example }),
    ),
  })
  answers('', 'judgement', { verdict: 'drop', reason: 'The rules say that it is done.', example: '' })
  const machine = thisMachine(process, tmpdir())
  const service = stack.use(
    await startService({
      machine: {
        ...machine,
        env: {
          PATH: machine.env['PATH'],
          HOME: machine.env['HOME'],
          PORT: '0',
          DATA_DIR: join(dir, 'data'),
          OPENAI_API_KEY: 'sk-examples',
          OPENAI_BASE_URL: model.url,
          SANDBOX: 'none',
          MUTANTS_SECONDS: '120',
        },
      },
      log: makeLog({ level: 'silent' }),
    }),
  )
  const api = makeApiClient({ baseUrl: service.url })
  const { jobId } = await api.generate({ prompt: `A to-do list. ${SENTENCE}` }, { idempotencyKey: ulid() })
  let view = null
  for await (const change of api.follow(jobId, { signal: AbortSignal.timeout(110_000) })) view = change.view

  expect(view?.report).toMatchObject({ gaps: [], notUnderstood: [], verification: { passed: true } })
  const { assumptions, routes, mutants } = view!.report!
  expect(assumptions).toContain(`Added after comparing the result with the request: ${SENTENCE}`)
  expect(routes).toContainEqual({ method: 'POST', path: '/todos/:id/reopen' })
  const survives = (title: string) => mutants!.survivors.filter((one) => one.startsWith(title))
  const done = 'line 12: 409 already_done has the status 404'
  expect(survives('POST /todos/:id/complete')).not.toContain(`POST /todos/:id/complete, ${done}`)
  const details = Object.fromEntries(view!.steps.map(({ stage, detail }) => [stage, detail]))
  expect(details).toMatchObject({
    review: '1 sentence of the request added',
    mutants: `tests noticed ${mutants!.killed} of ${mutants!.all} faults`,
  })
  const folder = view!.archive!.filename.replace(/\.zip$/, '')
  const files = await unzip(folder, await api.archive(jobId))
  const textOf = (at: string) =>
    Buffer.from(files.find(({ path }) => path === at)?.bytes ?? []).toString('utf8')
  const tests = textOf('tests/operations/complete-todo.test.ts')
  expect(tests).toContain(refused!.title)
  expect(tests).not.toContain('what the rules do not say')
  expect(textOf('tests/operations/reopen-todo.test.ts')).toContain('a done to-do is open again')
})
