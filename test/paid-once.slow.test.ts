import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import {
  completeTodo,
  completeTodoHandler,
  pageHandlers,
  pages,
  todoWithComplete,
} from '../generator/codegen/testing/operations.ts'
import { toLlm } from '../generator/designers/model/testing/to-llm.ts'
import { KEY, startService } from '../generator/llm/testing/service.ts'
import { ended, post, startMain, temporaryFolder, view } from './support/service.ts'

/**
 * The process is killed with -9 while a model writes, and again while the project is verified; no completed call is repeated,
 * as counted by the fake service. Only a call in flight at the kill is lost and repeated.
 */

const MENDING = 'Software checked this design'
const usage = { prompt_tokens: 1000, completion_tokens: 100 }
/** As in the prompt for its code. */
const route = (name: string) => `"route": "${name}"`
const code = (text: string) => ({ content: JSON.stringify({ code: text, notes: '' }), usage })

it('a job that is killed twice pays for each call once', { timeout: 480_000 }, async () => {
  await using model = await startService()
  const design = toLlm({ ...todoWithComplete, operations: [completeTodo, ...pages] })
  const faulty = { ...design, operations: [...design.operations, { ...design.operations[0]!, id: 'again' }] }
  const { mock } = model
  mock.onMessage(MENDING, { content: JSON.stringify(design), usage })
  mock.onMessage('Settings from the service', { content: JSON.stringify(faulty), usage })
  mock.onMessage('POST /todos/:id/complete', code(completeTodoHandler))
  for (const [index, { id, path }] of pages.entries()) {
    // The last one is in flight when the process is killed.
    const isSlow = index === pages.length - 1
    if (isSlow)
      mock.on({ userMessage: `GET ${path}`, sequenceIndex: 0 }, code(pageHandlers[id]!), { latency: 100_000 })
    mock.onMessage(`GET ${path}`, code(pageHandlers[id]!))
  }
  /** Calls by subject. */
  const asked = () =>
    Object.fromEntries(
      [
        'Settings from the service',
        MENDING,
        route('POST /todos/:id/complete'),
        ...pages.map(({ path }) => route(`GET ${path}`)),
      ].map((text) => [
        text,
        mock.getRequests().filter(({ body }) => {
          const { messages } = body as { messages: { content: string }[] }
          return messages.at(-1)!.content.includes(text)
        }).length,
      ]),
    )
  const once = Object.fromEntries(Object.keys(asked()).map((text) => [text, 1]))
  const slow = route(`GET ${pages.at(-1)!.path}`)

  await using data = await temporaryFolder('data')
  const env = { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: model.url, REVIEW: '0', MUTANTS: '0' }
  const start = () => startMain({ dataDir: data.path, env })
  /** Persisted responses; temporary files have another extension. */
  const kept = async () =>
    (await readdir(join(data.path, 'jobs'), { recursive: true })).filter((name) =>
      /\bwrite\.[0-9a-f]{32}\.json$/.test(name),
    ).length

  let jobId: string
  {
    await using service = await start()
    jobId = await post(service.url, { prompt: 'a to-do list with reports' })
    await expect.poll(() => kept(), { timeout: 160_000, interval: 5 }).toBe(3)
    await expect.poll(asked, { timeout: 60_000, interval: 5 }).toEqual(once)
    service.child.kill('SIGKILL')
    await service.exited
  }
  {
    await using service = await start()
    await expect
      .poll(async () => (await view(service.url, jobId)).stage, { timeout: 160_000, interval: 5 })
      .toBe('verify')
    service.child.kill('SIGKILL')
    await service.exited
  }
  expect(asked()).toEqual({ ...once, [slow]: 2 })

  await using service = await start()
  const job = await ended(service.url, jobId, 180_000)
  expect(job).toMatchObject({ state: 'completed', report: { gaps: [], verification: { passed: true } } })
  expect(asked()).toEqual({ ...once, [slow]: 2 })
  // The lost call was not counted.
  expect(job.ledger).toMatchObject({ calls: 6, inputTokens: 6000, outputTokens: 600 })
})
