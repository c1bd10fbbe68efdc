import { createHash } from 'node:crypto'
import { relative } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { JobId, JobNeeds, JobView, PlanDecision } from '#contract'
import { ulid } from 'ulid'
import { ApiUnreachableError, type ApiClient } from '../bots/api-client.ts'
import type { Arguments } from './args.ts'
import { HOW_TO_DECIDE, UnknownAnswerError, howToDecide, planText, readDecision } from './format-plan.ts'
import { failureText, summary } from './format-progress.ts'
import { prepareFolder, readDocuments, writeAtomic } from './local-files.ts'

/** Displays stages while they run. */
export type Display = {
  show(view: JobView): void
  /** Ends the live block; later output appears below it. */
  done(): void
}

export type GenerateRun = {
  readonly args: Extract<Arguments, { help: false }>
  /** Connects to a running API or starts one. Called again after a lost connection. */
  readonly connect: () => Promise<ApiClient>
  readonly display: Display
  readonly print: (text: string) => void
  /** Asks the person at the terminal for a line; null where there is none. */
  readonly ask: ((question: string) => Promise<string>) | null
  /** Aborted by Ctrl-C: the job is cancelled. */
  readonly signal: AbortSignal
}

/** The exit code of a job that waits for a decision on its plan. */
const WAITING = 3

/** Reconnection attempts before giving up. */
const MAX_RECONNECTS = 5

/**
 * Generates a backend and saves its zip. Returns the exit code: 0 success, 1 failure, 3 waiting for a decision on the plan,
 * 130 cancelled.
 */
export async function runGenerate(run: GenerateRun): Promise<number> {
  const { args, connect, display, print, signal } = run
  const spec = args.specFiles.length === 0 ? undefined : await readDocuments(args.specFiles)
  await prepareFolder(args.out)
  const { prompt, options, refine } = args
  const origin = { kind: 'cli' as const }
  const idempotencyKey = ulid()

  let api = await connect()
  let jobId: JobId | null = null
  let after: string | undefined
  /** The newest plan that was shown. */
  let decided = 0
  try {
    const asking = { idempotencyKey, signal }
    ;({ jobId } = await (refine === null
      ? api.generate({ prompt, options, ...(spec && { spec }), origin }, asking)
      : api.refine(
          refine,
          { prompt, options: { designer: options.designer, plan: options.plan }, origin },
          asking,
        )))
    let view = await followToTheEnd(jobId)
    display.done()
    while (view?.needs) {
      print(planText(view.needs))
      if (run.ask === null) {
        print(howToDecide(view.jobId, view.needs.plan.version))
        return WAITING
      }
      const decision = await askForDecision(run.ask, print, view.needs)
      if (decision === 'cancel') {
        await api.cancel(jobId)
        print('Cancelled.')
        return 130
      }
      await api.decidePlan(jobId, decision, { signal })
      view = await followToTheEnd(jobId)
      display.done()
    }
    switch (view?.state) {
      case 'completed': {
        print(`\n${summary(view, await saveArchive(api, view, args.out))}`)
        return 0
      }
      case 'cancelled':
        print('Cancelled by another user.')
        return 130
      default:
        print(view ? failureText(view) : 'The job ended without a result; see GET /jobs.')
        return 1
    }
  } catch (error) {
    display.done()
    if (!signal.aborted) throw error
    if (jobId) await api.cancel(jobId).catch(() => undefined)
    print('Cancelled.')
    return 130
  }

  /** Until the job ends, or waits for a decision. */
  async function followToTheEnd(id: JobId): Promise<JobView | null> {
    let view: JobView | null = null
    for (let losses = 0; ;) {
      try {
        for await (const event of api.follow(id, { signal, ...(after !== undefined && { after }) })) {
          ;({ view, id: after } = event)
          losses = 0
          display.show(event.view)
          const version = event.view.needs?.plan.version ?? 0
          if (version > decided) {
            decided = version
            return view
          }
        }
        return view
      } catch (error) {
        losses += 1
        if (!(error instanceof ApiUnreachableError) || losses > MAX_RECONNECTS) throw error
        await sleep(200 * losses, undefined, { signal })
        api = await connect()
      }
    }
  }
}

async function askForDecision(
  ask: NonNullable<GenerateRun['ask']>,
  print: GenerateRun['print'],
  needs: JobNeeds,
): Promise<PlanDecision | 'cancel'> {
  print(HOW_TO_DECIDE)
  for (;;) {
    try {
      const decision = readDecision(await ask('> '), needs)
      if (decision !== null) return decision
    } catch (error) {
      if (!(error instanceof UnknownAnswerError)) throw error
      print(error.message)
    }
  }
}

/** Saves the verified archive and returns its path relative to the current folder. */
async function saveArchive(api: ApiClient, view: JobView, out: string): Promise<string> {
  if (!view.archive) throw new Error('a completed job has an archive')
  const bytes = await api.archive(view.jobId)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  if (sha256 !== view.archive.sha256) {
    throw new Error(
      `The archive arrived damaged (sha256 ${sha256}, expected ${view.archive.sha256}). Run the command again.`,
    )
  }
  const path = await writeAtomic(out, view.archive.filename, bytes)
  const short = relative('.', path)
  return short.startsWith('..') ? path : short
}
