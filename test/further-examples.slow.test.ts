import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeLog } from '#lib/log'
import { thisMachine } from '#lib/machine'
import { ulid } from 'ulid'
import { expect, test } from 'vitest'
import { makeApiClient } from '../bots/api-client.ts'
import { completeTodoHandler, todoWithComplete } from '../generator/codegen/testing/operations.ts'
import { toLlm } from '../generator/designers/model/testing/to-llm.ts'
import { unzip } from '../generator/archive/unzip.ts'
import { startService } from '../service.ts'
import { startHostileModel } from './hostile/hostile-model.ts'

test('a fault that no test notices brings a further example, which becomes a test', async () => {
  await using stack = new AsyncDisposableStack()
  const dir = await mkdtemp(join(tmpdir(), 'further-examples-'))
  stack.defer(() => rm(dir, { recursive: true, force: true }))
  const model = stack.use(await startHostileModel())
  const answers = (call: Parameters<typeof model.answer>[1], value: unknown) =>
    model.answer('', call, { response: { content: JSON.stringify(value) } })
  const design = toLlm(todoWithComplete)
  const [sent] = design.operations[0]!.examples
  const nobody = '{"id":"00000000-0000-4000-8000-00000000000a"}'
  answers('design', design)
  answers('code', { code: completeTodoHandler, notes: '', cannot: null })
  answers('further examples', {
    examples: [
      { title: 'an unknown to-do is not found', rows: [], params: nobody, status: 404, answer: null },
      { title: 'what the rules do not say', answer: '{"done":false}' },
    ].map((over) => ({ operation: 'completeTodo', example: { ...sent, ...over } })),
  })
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
  const { jobId } = await api.generate({ prompt: 'A to-do list' }, { idempotencyKey: ulid() })
  let view = null
  for await (const change of api.follow(jobId, { signal: AbortSignal.timeout(110_000) })) view = change.view

  expect(view?.report).toMatchObject({ gaps: [], verification: { passed: true } })
  const { survivors } = view!.report!.mutants!
  const title = 'POST /todos/:id/complete'
  expect(survivors).not.toContain(`${title}, line 11: 404 not_found has the status 409`)
  expect(view!.steps.find(({ stage }) => stage === 'mutants')).toMatchObject({ status: 'done' })
  const folder = view!.archive!.filename.replace(/\.zip$/, '')
  const files = await unzip(folder, await api.archive(jobId))
  const file = files.find(({ path }) => path === 'tests/operations/complete-todo.test.ts')
  const tests = Buffer.from(file!.bytes).toString('utf8')
  expect(tests).toContain('an unknown to-do is not found')
  expect(tests).not.toContain('what the rules do not say')
})
