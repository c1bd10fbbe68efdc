// Longer than most files: a list of faults.
import { exampleDesign } from '../../generator/designers/model/design-example.ts'
import { toLlm } from '../../generator/designers/model/testing/to-llm.ts'
import { completeTodoHandler, todoWithComplete } from '../../generator/codegen/testing/operations.ts'
import type { Call, Reply } from './hostile-model.ts'

/** The expected outcome: an archive with these gaps, or an error code. */
export type ExpectedOutcome =
  | { readonly gaps: readonly RegExp[] }
  | { readonly code: string; readonly message: RegExp }

export type ModelFault = {
  readonly name: string
  /** The adapters to test; faults in code are the same over both. */
  readonly over: 'both' | 'responses' | 'chat'
  /** The model's replies that differ from the correct ones. */
  readonly replies: Partial<Record<Call, Reply | ((over: 'responses' | 'chat') => Reply)>>
  readonly end: ExpectedOutcome
  /** The number of model calls. */
  readonly calls: number
  /** Visible only when the code runs, which needs a sandbox. */
  readonly unseen?: true
}

const usage = { prompt_tokens: 1000, completion_tokens: 200 }
export const says = (content: string): Reply => ({ response: { content, usage } })
const answers = (value: unknown): Reply => says(JSON.stringify(value))
export const code = (text: string): Reply => answers({ code: text, notes: '' })
const fails = (status: number, code: string, message = 'no'): Reply => ({
  response: { error: { message, code }, status, retryAfter: 0 },
})
const refuses = (over: 'responses' | 'chat'): Reply => ({
  raw:
    over === 'chat'
      ? [
          { choices: [{ index: 0, delta: { refusal: 'I cannot.' }, finish_reason: null }] },
          { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
          '[DONE]',
        ]
      : [
          { type: 'response.refusal.delta', delta: 'I cannot.' },
          { type: 'response.completed', response: { status: 'completed', error: null } },
        ],
})
/** The first reply, then the others. */
const first = (once: object, then: object) => (): Reply => {
  let count = 0
  return { response: () => (count++ === 0 ? once : then) as never }
}

export const design = toLlm(todoWithComplete)
const [operation] = design.operations as [(typeof design.operations)[number]]
const withOperation = (change: Partial<typeof operation>) => ({
  ...design,
  operations: [{ ...operation, ...change }],
})
/** Returns rows of an entity that does not exist. */
const withNovel = withOperation({ answer: operation.answer.map((part) => ({ ...part, entity: 'Novel' })) })
const everyDesign = (reply: Reply) => ({ design: reply, 'repaired design': reply })
const everyCode = (reply: Reply) => ({ code: reply, 'repaired code': reply, repair: reply })
/** The code without a repair: a gate's findings are final. */
const onlyCode = (reply: Reply) => ({ code: reply, repair: fails(429, 'insufficient_quota') })

/** The handler, starting with these lines. */
const withLines = (lines: string) =>
  completeTodoHandler.replace(/(export function completeTodo[^\n]*\n)/, (head) => `${head}${lines}\n`)
/** The Function constructor, hidden from static checks: only a run shows its effect. */
const pastTheFence = (body: string) =>
  withLines(
    `  const rows: Record<string, unknown> = { first: () => 1 };\n` +
      `  const key = [params.id === '' ? '' : 'const', 'ructor'].join('');\n` +
      `  const make = (rows['first'] as Record<string, unknown>)[key] as (code: string) => () => void;\n` +
      `  make(${JSON.stringify(body)})();`,
  )
/** A design with a task as its only handler. */
const nightly: typeof design = {
  ...design,
  operations: [],
  schedules: [
    {
      id: 'finishAll',
      description: 'Finish all to-dos',
      rules: ['Sets done to true.'],
      when: 'daily',
      every: null,
      at: '02:00',
      weekdays: [],
      cron: null,
      uses: [],
      examples: [],
    },
  ],
}
const taskWith = (line: string, imports = '') =>
  everyTask(
    code(
      `${imports}import type { TaskContext } from '../task-context.ts';\n` +
        `export async function finishAll({ log }: TaskContext): Promise<void> {\n  log.info('at it');\n  ${line}\n}\n`,
    ),
  )
const everyTask = (reply: Reply) => ({ ...everyDesign(answers(nightly)), ...everyCode(reply) })
const used = (what: string) => new RegExp(`^POST /todos/:id/complete: .*could not be used: .*${what}`)
const checks = (what: string) =>
  new RegExp(`^POST /todos/:id/complete: .*did not pass its checks: .*${what}`, 's')

const entities300 = Array.from({ length: 300 }, (_, index) => ({
  ...design.entities[0]!,
  name: `Thing${index}`,
  plural: `Things${index}`,
  path: `/things-${index}`,
}))

export const FAULTS: readonly ModelFault[] = [
  // Model responses.
  {
    name: 'truncated JSON: the answer is cut at its length',
    over: 'both',
    replies: {
      design: { response: { content: JSON.stringify(design).slice(0, 900), finishReason: 'length', usage } },
    },
    end: { code: 'model_truncated', message: /output limit of the model/ },
    calls: 1,
  },
  {
    name: 'truncated JSON: it ends as if it were whole',
    over: 'both',
    replies: { design: says(JSON.stringify(design).slice(0, 900)) },
    end: { code: 'model_malformed_answer', message: /not valid JSON/ },
    calls: 2,
  },
  {
    name: 'JSON inside a string',
    over: 'responses',
    replies: { design: answers(JSON.stringify(design)) },
    end: { gaps: [] },
    calls: 2,
  },
  {
    name: 'prose instead of JSON',
    over: 'both',
    replies: { design: says('Sure! Here is your to-do backend: it has one table.') },
    end: { code: 'model_malformed_answer', message: /not valid JSON/ },
    calls: 2,
  },
  {
    name: 'prose instead of code',
    over: 'chat',
    replies: everyCode(says('Sure! Here is the code.')),
    end: { gaps: [/not valid JSON/] },
    calls: 3,
  },
  {
    name: 'refusal of the design',
    over: 'both',
    replies: { design: refuses },
    end: { code: 'model_refused', message: /declined/ },
    calls: 1,
  },
  {
    name: 'refusal of the code',
    over: 'responses',
    replies: { code: refuses },
    end: { gaps: [/declined/] },
    calls: 2,
  },
  {
    name: 'empty answer',
    over: 'both',
    replies: { design: says(' \n') },
    end: { code: 'model_empty_answer', message: /empty answer/ },
    calls: 2,
  },
  {
    name: 'wrong references, fixed when reported',
    over: 'responses',
    replies: {
      design: answers(withNovel),
      'repaired design': answers(design),
    },
    end: { gaps: [] },
    calls: 3,
  },
  {
    name: 'wrong references, again and again',
    over: 'chat',
    replies: everyDesign(answers(withNovel)),
    end: { code: 'design_invalid', message: /Novel/ },
    calls: 2,
  },
  {
    name: 'duplicate routes',
    over: 'responses',
    replies: everyDesign(
      answers({ ...design, operations: [operation, { ...operation, id: 'completeAgain' }] }),
    ),
    end: { code: 'design_invalid', message: /\/todos\/:id\/complete/ },
    calls: 2,
  },
  {
    name: 'a design of another shape',
    over: 'chat',
    replies: everyDesign(answers({ tables: [exampleDesign.entities.length] })),
    end: { code: 'design_invalid', message: /still had faults/ },
    calls: 2,
  },

  // Generated code.
  {
    name: 'handler with a type error',
    over: 'responses',
    replies: everyCode(code(completeTodoHandler.replace('todo.done)', 'todo.finished)'))),
    end: { gaps: [checks('TS2339')] },
    calls: 3,
  },
  {
    name: 'handler that does not parse',
    over: 'chat',
    replies: everyCode(code(`${completeTodoHandler}}`)),
    end: { gaps: [used('does not parse')] },
    calls: 3,
  },
  {
    name: 'handler that throws',
    over: 'chat',
    replies: everyCode(code(withLines("  if (params.id !== '') throw new RangeError('no');"))),
    end: { gaps: [checks('RangeError|statusCode|500')] },
    calls: 3,
    unseen: true,
  },
  {
    name: 'handler that never returns',
    over: 'responses',
    replies: {
      ...onlyCode(
        code(
          completeTodoHandler
            .replace('export function', 'export async function')
            .replace(
              '): CompleteTodoResult {',
              '): Promise<CompleteTodoResult> {\n  await new Promise(() => {});',
            ),
        ),
      ),
    },
    end: { gaps: [checks('.*has no credit left')] },
    calls: 3,
    unseen: true,
  },
  {
    name: 'handler that loops for ever',
    over: 'chat',
    replies: everyCode(code(withLines('  while (true) if (params.id === null) break;'))),
    end: { gaps: [used('a loop must have an end')] },
    calls: 3,
  },
  {
    name: 'handler that loops for ever, unseen',
    over: 'responses',
    replies: {
      code: code(withLines("  for (let turn = 0; turn < 1; turn += params.id === '' ? 1 : 0);")),
      repair: fails(429, 'insufficient_quota'),
    },
    end: { gaps: [checks('.*has no credit left')] },
    calls: 3,
    unseen: true,
  },
  {
    name: 'handler that opens a socket',
    over: 'chat',
    replies: everyCode(
      code(`import { connect } from 'node:net';\n${withLines('  connect(80, params.id);')}`),
    ),
    end: { gaps: [used('imports "node:net"')] },
    calls: 3,
  },
  {
    name: 'handler that opens a socket, unseen',
    over: 'responses',
    replies: onlyCode(
      code(pastTheFence("process.getBuiltinModule('net').connect({ port: 22, host: '10.0.0.1' })")),
    ),
    end: { gaps: [checks('.*has no credit left')] },
    calls: 3,
    unseen: true,
  },
  {
    name: 'scheduled task that throws',
    over: 'chat',
    replies: taskWith("throw new Error('no');"),
    end: { gaps: [/^scheduled task finishAll: .*did not pass its checks: .*Error: no/s] },
    calls: 3,
    unseen: true,
  },
  {
    name: 'scheduled task that never returns',
    over: 'responses',
    replies: taskWith('await new Promise(() => {});'),
    end: { gaps: [/^scheduled task finishAll: .*did not pass its checks: .*timed out/s] },
    calls: 3,
    unseen: true,
  },
  {
    name: 'scheduled task that opens a socket',
    over: 'chat',
    replies: taskWith('connect(80);', "import { connect } from 'node:net';\n"),
    end: { gaps: [/^scheduled task finishAll: .*could not be used: .*imports "node:net"/] },
    calls: 3,
  },
  {
    name: 'handler that reads the environment',
    over: 'responses',
    replies: everyCode(
      code(withLines('  if (process.env.OPENAI_API_KEY === params.id) return {} as never;')),
    ),
    end: { gaps: [used('process reaches out')] },
    calls: 3,
  },
  {
    name: 'handler that reads the environment, unseen',
    over: 'chat',
    replies: onlyCode(
      code(pastTheFence('if (!process.env.OPENAI_API_KEY) throw new Error("no key to take")')),
    ),
    end: { gaps: [checks('.*has no credit left')] },
    calls: 3,
    unseen: true,
  },
  {
    name: 'handler that writes outside',
    over: 'chat',
    replies: everyCode(
      code(
        `import { writeFileSync } from 'node:fs';\n${withLines("  writeFileSync('/etc/cron.d/x', params.id);")}`,
      ),
    ),
    end: { gaps: [used('imports "node:fs"')] },
    calls: 3,
  },
  {
    name: 'handler that writes outside, unseen',
    over: 'responses',
    replies: onlyCode(code(pastTheFence("process.getBuiltinModule('fs').writeFileSync('/etc/hosts', 'x')"))),
    end: { gaps: [checks('.*has no credit left')] },
    calls: 3,
    unseen: true,
  },
  {
    name: 'handler that builds SQL',
    over: 'responses',
    replies: everyCode(code(withLines('  void `select * from todos where id = ${params.id}`;'))),
    end: { gaps: [used('builds SQL')] },
    calls: 3,
  },
  {
    name: 'fake package',
    over: 'responses',
    replies: everyCode(code(`import pad from 'left-pad-pro';\n${withLines('  pad(params.id);')}`)),
    end: { gaps: [used('imports "left-pad-pro"')] },
    calls: 3,
  },
  {
    name: 'test that asserts nothing: the file brings one',
    over: 'chat',
    replies: everyCode(
      code(`import { test } from 'node:test';\n${completeTodoHandler}\ntest('works', () => {});\n`),
    ),
    end: { gaps: [used('imports "node:test"')] },
    calls: 3,
  },
  {
    name: 'test that asserts nothing: no example, and code that does nothing',
    over: 'responses',
    replies: {
      design: answers(withOperation({ examples: [] })),
      ...onlyCode(
        code(completeTodoHandler.replace(/ {2}const todo[\s\S]*\?\? todo;/, '  return {} as never;')),
      ),
    },
    end: { gaps: [checks('.*has no credit left')] },
    calls: 3,
    unseen: true,
  },

  // Paths, number and size of files.
  {
    name: 'path traversal in names',
    over: 'chat',
    replies: everyDesign(
      answers(withOperation({ id: '../../../etc/passwd', path: '/todos/:id/../../admin' })),
    ),
    end: { code: 'design_invalid', message: /operations\.0\.(id|path)/ },
    calls: 2,
  },
  {
    name: 'absolute and Windows names',
    over: 'responses',
    replies: {
      design: answers({
        ...withOperation({ id: 'con' }),
        name: 'C:\\Windows\\System32',
        title: '/etc/passwd',
        entities: design.entities,
      }),
      ...everyCode(
        code(
          completeTodoHandler
            .replaceAll('completeTodo', 'con')
            .replaceAll('CompleteTodo', 'Con')
            .replaceAll('complete-todo', 'con_'),
        ),
      ),
    },
    end: { gaps: [] },
    calls: 2,
  },
  {
    name: '300 files in place of one',
    over: 'responses',
    replies: everyCode(
      answers({
        files: Array.from({ length: 300 }, (_, index) => ({ path: `../../f${index}.ts`, code: '1' })),
      }),
    ),
    end: { gaps: [used('not an object with the texts code and notes')] },
    calls: 3,
  },
  {
    name: '300 tables',
    over: 'chat',
    replies: everyDesign(answers({ ...design, entities: entities300, operations: [] })),
    end: { code: 'design_invalid', message: /entities/ },
    calls: 2,
  },
  {
    name: 'a file of 5 MB',
    over: 'responses',
    replies: {
      code: {
        response: { content: JSON.stringify({ code: 'x'.repeat(5_000_000), notes: '' }), usage },
        chunkSize: 50_000,
      },
    },
    end: { gaps: [/exceeded the maximum length/] },
    calls: 2,
  },
  {
    name: 'a file of 50 KB',
    over: 'chat',
    replies: everyCode(code(`${completeTodoHandler}// ${'x'.repeat(50_000)}\n`)),
    end: { gaps: [used('at most 20000 are allowed')] },
    calls: 3,
  },

  // Behaviour of the model service.
  {
    name: '429 once',
    over: 'both',
    replies: {
      design: first(
        { error: { message: 'slow down', code: 'rate_limit_exceeded' }, status: 429, retryAfter: 0 },
        { content: JSON.stringify(design), usage },
      ),
    },
    end: { gaps: [] },
    calls: 3,
  },
  {
    name: '429 for ever',
    over: 'both',
    replies: { design: fails(429, 'rate_limit_exceeded') },
    end: { code: 'model_rate_limited', message: /rate limiting/ },
    calls: 12,
  },
  {
    name: 'quota gone',
    over: 'both',
    replies: { design: fails(429, 'insufficient_quota') },
    end: { code: 'model_quota_exhausted', message: /no credit left/ },
    calls: 1,
  },
  {
    name: 'quota gone before the code',
    over: 'chat',
    replies: { code: fails(429, 'insufficient_quota') },
    end: { gaps: [/no credit left/] },
    calls: 2,
  },
  {
    name: '500 for ever',
    over: 'both',
    replies: { design: fails(500, 'server_error') },
    end: { code: 'model_unavailable', message: /internal error/ },
    calls: 12,
  },
  {
    name: '500 once',
    over: 'responses',
    replies: {
      code: first(
        { error: { message: 'oh', code: 'server_error' }, status: 500 },
        { content: JSON.stringify({ code: completeTodoHandler, notes: '' }), usage },
      ),
    },
    end: { gaps: [] },
    calls: 3,
  },
  {
    name: 'a key that is refused',
    over: 'both',
    replies: { design: fails(401, 'invalid_api_key') },
    end: { code: 'model_unauthorized', message: /did not accept the API key/ },
    calls: 1,
  },
  {
    name: 'hang: nothing comes',
    over: 'both',
    replies: { design: { response: { content: '{}' }, latency: 30_000 } },
    end: { code: 'model_timeout', message: /did not answer in time/ },
    calls: 2,
  },
  {
    name: 'cut stream',
    over: 'both',
    replies: {
      design: {
        response: { content: JSON.stringify(design) },
        chunkSize: 50,
        truncateAfterChunks: 6,
        latency: 2,
      },
    },
    end: { code: 'model_stream_cut', message: /was lost in the middle/ },
    calls: 2,
  },
  {
    name: 'slow drip',
    over: 'both',
    replies: {
      design: {
        response: { content: JSON.stringify(design) },
        chunkSize: 4,
        streamingProfile: { ttft: 20, tps: 20 },
      },
    },
    end: { code: 'model_timeout', message: /did not answer in time/ },
    calls: 2,
  },
]
