import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Blueprint, type Report } from '#contract'
import { makeLog } from '#lib/log'
import { thisMachine } from '#lib/machine'
import { ulid } from 'ulid'
import { makeApiClient } from '../bots/api-client.ts'
import { startService } from '../service.ts'
import { startHostileModel, type Call } from '../test/hostile/hostile-model.ts'
import { toLlm } from '../generator/designers/model/testing/to-llm.ts'
import {
  completeTodo,
  completeTodoHandler,
  todoWithComplete,
} from '../generator/codegen/testing/operations.ts'
import { median, ms, table } from './figures.ts'

/** Milliseconds to the first token, and tokens per second afterwards. */
const RATE = { ttft: 300, tps: 250 }
const LIMIT = 1.25

/**
 * The time from POST to completed for a design with operations that a model writes, against its critical path. The model
 * answers at a fixed rate and its own clock measures each call. A service limited to one call at a time shows the gain of
 * concurrent writing.
 *
 * What cannot run beside anything else makes the path: the design call, the longest call for code, the gates, the faults that
 * are tried in the code, which need the processors as the gates do, and the call for further examples, which depends on
 * them. The call that compares the design with the request does not belong to it.
 */
export async function writePath({
  runs,
  operations = 12,
}: {
  readonly runs: number
  readonly operations?: number
}): Promise<string> {
  const parallel = await measure({ runs, operations, concurrency: null })
  const [sequential] = (await measure({ runs: 1, operations, concurrency: 1 })) as [Measured]
  const middle = Object.fromEntries(PARTS.map((part) => [part, median(parallel.map((one) => one[part]))]))
  const row = (title: string, one: Measured) => [title, ...PARTS.map((part) => ms(one[part])), ratio(one)]
  const ratios = parallel.map((one) => one.took / pathOf(one))
  const found = median(ratios)
  const bare = median(parallel.map((one) => one.took / (pathOf(one) - one.mutants - one.examples)))
  return [
    `${operations} operations written by a model (${RATE.ttft} ms to the first token, ${RATE.tps} tokens/s), ${runs} runs`,
    table([
      ['', ...PARTS.map((part) => TITLES[part]), 'ratio'],
      [...row('side by side (median)', middle as Measured).slice(0, -1), found.toFixed(2)],
      row('one after the other', sequential),
    ]),
    '',
    `Ratios to the critical path: ${ratios.map((one) => one.toFixed(2)).join(', ')}. Side by side is ${(sequential.took / median(parallel.map(({ took }) => took))).toFixed(1)} times as fast.`,
    `Without the mutants and their examples in the path, the median ratio is ${bare.toFixed(2)}.`,
    `The median ratio is to stay within ${LIMIT}: ${found <= LIMIT ? 'it does' : 'IT DOES NOT'}.`,
  ].join('\n')
}

/** In milliseconds. */
type Measured = Readonly<Record<(typeof PARTS)[number], number>>

const PARTS = ['took', 'design', 'longest', 'verify', 'mutants', 'examples', 'review'] as const
const TITLES: Readonly<Record<(typeof PARTS)[number], string>> = {
  took: 'POST to completed',
  design: 'design call',
  longest: 'longest call for code',
  verify: 'verify',
  mutants: 'mutants',
  examples: 'call for examples',
  review: '(review call)',
}
const pathOf = ({ design, longest, verify, mutants, examples }: Measured) =>
  design + longest + verify + mutants + examples
const ratio = (one: Measured) => (one.took / pathOf(one)).toFixed(2)

async function measure(options: {
  readonly runs: number
  readonly operations: number
  readonly concurrency: number | null
}): Promise<Measured[]> {
  await using stack = new AsyncDisposableStack()
  const dir = await mkdtemp(join(tmpdir(), 'bench-write-'))
  stack.defer(() => rm(dir, { recursive: true, force: true }))
  const model = stack.use(await startHostileModel())
  const machine = thisMachine(process, tmpdir())
  const service = stack.use(
    await startService({
      machine: {
        ...machine,
        env: {
          ...machine.env,
          PORT: '0',
          DATA_DIR: join(dir, 'data'),
          OPENAI_API_KEY: 'sk-bench',
          OPENAI_BASE_URL: model.url,
          OPENAI_CONCURRENCY: options.concurrency === null ? '' : String(options.concurrency),
        },
      },
      log: makeLog({ level: 'silent' }),
    }),
  )
  const api = makeApiClient({ baseUrl: service.url })
  const measured: Measured[] = []
  // One extra run: the first warms the disk cache and compiles code.
  for (let run = options.runs > 1 ? 0 : 1; run <= options.runs; run += 1) {
    const token = `run-${run}-of-${options.concurrency ?? 'all'}`
    answerAll(model, token, options.operations)
    const started = performance.now()
    const { jobId } = await api.generate({ prompt: `A to-do list (${token})` }, { idempotencyKey: ulid() })
    let timings: Report['timings'] = {}
    for await (const { view } of api.follow(jobId, { signal: AbortSignal.timeout(240_000) })) {
      if (view.state === 'failed') throw new Error(view.error?.message)
      if (view.report && view.report.gaps.length > 0) throw new Error(JSON.stringify(view.report.gaps))
      timings = view.report?.timings ?? {}
    }
    const took = performance.now() - started
    if (run === 0) continue
    const longest = (call: Call) => Math.max(0, ...model.durations(token, call))
    const examples = longest('further examples')
    measured.push({
      took,
      design: longest('design'),
      longest: longest('code'),
      verify: timings.verify ?? 0,
      mutants: (timings.mutants ?? 0) - examples,
      examples,
      review: longest('review'),
    })
  }
  return measured
}

/** A design of equal operations with different names, and their code. */
function answerAll(
  model: Awaited<ReturnType<typeof startHostileModel>>,
  token: string,
  operations: number,
): void {
  const names = Array.from({ length: operations }, (_, index) => `${index + 1}`.padStart(2, '0'))
  const blueprint = Blueprint.parse({
    ...todoWithComplete,
    operations: names.map((name) => ({
      ...completeTodo,
      id: `completeTodo${name}`,
      path: `/todos/:id/complete-${name}`,
      rules: [...completeTodo.rules, `Belongs to ${token}-${name}.`],
    })),
  })
  const streamed = { streamingProfile: RATE, chunkSize: 16 }
  model.answer(token, 'design', {
    response: {
      content: JSON.stringify(toLlm(blueprint)),
      usage: { prompt_tokens: 4000, completion_tokens: 1200 },
    },
    ...streamed,
  })
  const nothing = [
    ['review', { missing: [] }],
    ['further examples', { examples: [] }],
  ] as const
  for (const [call, answer] of nothing)
    model.answer(token, call, {
      response: {
        content: JSON.stringify(answer),
        usage: { prompt_tokens: 4000, completion_tokens: 10 },
      },
      ...streamed,
    })
  for (const name of names) {
    const code = completeTodoHandler
      .replaceAll('completeTodo', `completeTodo${name}`)
      .replaceAll('CompleteTodo', `CompleteTodo${name}`)
      .replaceAll('complete-todo', `complete-todo${name}`)
    model.answer(`${token}-${name}`, 'code', {
      response: {
        content: JSON.stringify({ code, notes: '' }),
        usage: { prompt_tokens: 2000, completion_tokens: 300 },
      },
      ...streamed,
      // About a token.
      chunkSize: 4,
    })
  }
}
