import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Blueprint } from '#contract'
import { makeLog } from '#lib/log'
import { thisMachine } from '#lib/machine'
import { ulid } from 'ulid'
import { makeApiClient } from '../bots/api-client.ts'
import { startService } from '../service.ts'
import { startHostileModel } from '../test/hostile/hostile-model.ts'
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
 * The time from POST to completed for a design with operations that a model writes, against its critical path: the
 * design call, the longest call for code, and the verification, all of the same run. The model answers at a fixed rate
 * and its own clock measures each call. A service limited to one call at a time shows the gain of concurrent
 * writing.
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
  const ratios = parallel.map(({ took, design, longest, verify }) => took / (design + longest + verify))
  const of = (part: keyof Measured) => ms(median(parallel.map((one) => one[part])))
  const ratio = median(ratios)
  return [
    `${operations} operations written by a model (${RATE.ttft} ms to the first token, ${RATE.tps} tokens/s), ${runs} runs`,
    table([
      ['', 'POST to completed', 'design call', 'longest call for code', 'verify', 'ratio'],
      ['side by side (median)', of('took'), of('design'), of('longest'), of('verify'), ratio.toFixed(2)],
      [
        'one after the other',
        ms(sequential.took),
        ms(sequential.design),
        ms(sequential.longest),
        ms(sequential.verify),
        (sequential.took / (sequential.design + sequential.longest + sequential.verify)).toFixed(2),
      ],
    ]),
    '',
    `Ratios to the critical path: ${ratios.map((one) => one.toFixed(2)).join(', ')}. Side by side is ${(sequential.took / median(parallel.map(({ took }) => took))).toFixed(1)} times as fast.`,
    `The median ratio is to stay within ${LIMIT}: ${ratio <= LIMIT ? 'it does' : 'IT DOES NOT'}.`,
  ].join('\n')
}

type Measured = {
  readonly took: number
  readonly design: number
  readonly longest: number
  readonly verify: number
}

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
          REVIEW: '0',
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
    let verify = 0
    for await (const { view } of api.follow(jobId, { signal: AbortSignal.timeout(240_000) })) {
      if (view.state === 'failed') throw new Error(view.error?.message)
      if (view.report && view.report.gaps.length > 0) throw new Error(JSON.stringify(view.report.gaps))
      verify = view.report?.timings.verify ?? 0
    }
    const took = performance.now() - started
    if (run === 0) continue
    measured.push({
      took,
      verify,
      design: Math.max(...model.durations(token, 'design')),
      longest: Math.max(...model.durations(token, 'code')),
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
  model.answer(token, 'further examples', {
    response: {
      content: JSON.stringify({ examples: [] }),
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
