import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { JobView, type JobState } from '#contract'
import type { JobStore } from '#store/job-store'
import { readPlans } from '#store/plans'
import { unexcusedCalls, type KilledProcess, type ModelCall } from './model-calls.ts'
import type { SubmittedJob } from './submit-job.ts'
import type { TakenDecision } from './decide-plans.ts'
import type { ChaosChat } from './chat.ts'

export type Findings = { readonly figures: Record<string, number>; readonly faults: string[] }

/** Milliseconds that the API may take to answer when no fault is injected. */
const ANSWER_MS = 60_000

const FINAL = new Set<JobState>(['completed', 'failed', 'cancelled'])
/** Failures caused by the injected faults: a dependency was unavailable, or workers were killed too often. */
const ALLOWED_FAILURES = /^(job_stalled|model_)/
/** Failures of expensive or meaningless documents and prompts. */
const REFUSED_DOCUMENT = /^(too_complex|spec_unsupported|spec_invalid|nothing_readable)$/
/** A project of a hundred entities may exceed the verification timeout on a busy machine. */
const OUT_OF_TIME = /took longer than|nothing after/

/** Checks all invariants after the faults have ended. */
export async function checkResults(deps: {
  readonly url: string
  readonly store: Pick<JobStore, 'readOutcome' | 'readCheckpoint'>
  readonly submitted: readonly SubmittedJob[]
  /** What was decided about plans and taken, by job. */
  readonly decisions: ReadonlyMap<SubmittedJob, readonly TakenDecision[]>
  readonly chats: readonly ChaosChat[]
  readonly modelCalls: readonly ModelCall[]
  readonly deaths: readonly KilledProcess[]
}): Promise<Findings> {
  const { url, store, submitted, decisions, chats, modelCalls, deaths } = deps
  const faults: string[] = []
  const figures: Record<string, number> = {}
  const count = (name: string, by = 1) => (figures[name] = (figures[name] ?? 0) + by)
  const fault = (jobId: string, what: string) => faults.push(`${jobId}: ${what}`)

  if (new Set(submitted.map(({ jobId }) => jobId)).size !== submitted.length)
    faults.push('one job stands for two requests')
  count('jobs accepted', submitted.length)
  const listed = await listAll(url)
  for (const state of ['completed', 'failed', 'cancelled', 'waiting', 'active'] as const)
    figures[`listed as ${state}`] = (await listAll(url, state)).length
  if (listed.length !== submitted.length)
    faults.push(`${listed.length} jobs are listed of ${submitted.length}`)
  if (new Set(listed).size !== listed.length) faults.push('a job is listed twice')

  for (const one of submitted) {
    const { jobId, cancelled, chat } = one
    const response = await get(`${url}/jobs/${jobId}`)
    if (response.status !== 200) {
      fault(jobId, `its view answers ${response.status}`)
      continue
    }
    const view = JobView.parse(await response.json())
    const outcome = await store.readOutcome(jobId)
    count(view.state)
    if (!FINAL.has(view.state)) fault(jobId, `is still ${view.state}`)
    if (outcome?.state !== view.state)
      fault(jobId, `is reported as ${view.state} and stored as ${outcome?.state}`)
    if (cancelled !== (view.state === 'cancelled'))
      fault(jobId, `cancelled: ${cancelled}, reported as ${view.state}`)
    if (one.worst !== null) count(`expensive documents and prompts: ${view.error?.code ?? view.state}`)
    if (view.error !== null) {
      count(`failed: ${view.error.code}`)
      const { code, message } = view.error
      const isRefused = one.worst !== null && (REFUSED_DOCUMENT.test(code) || OUT_OF_TIME.test(message))
      if (!ALLOWED_FAILURES.test(code) && !isRefused)
        fault(jobId, `failed: ${view.error.code}: ${view.error.message}`)
    }
    const ends = await finalStatesOf(url, jobId)
    if (ends.length !== 1 || ends[0] !== view.state)
      fault(jobId, `its events end with ${ends.join(', ') || 'nothing'}`)

    const plans = await readPlans(store, jobId)
    if (one.course === null && plans.length > 0) fault(jobId, 'has a plan that nobody wanted')
    if (one.course !== null) {
      const decided = plans.map(({ decision }) => decision?.decision)
      count('plans', plans.length)
      for (const decision of decided) count(`plans: ${decisionWords(decision)}`)
      if (view.state === 'completed' && decided.at(-1) !== 'approve')
        fault(jobId, `was built, and its plans were decided as ${decided.map(decisionWords).join(', ')}`)
      if (decided.slice(0, -1).some((decision) => decision !== 'change'))
        fault(jobId, `has plans after one that was not changed: ${decided.map(decisionWords).join(', ')}`)
      for (const { version, decision } of decisions.get(one) ?? [])
        if (decided[version - 1] !== decision)
          fault(jobId, `took "${decision}" for plan ${version}, and stored ${decided[version - 1]}`)
    }

    const archive = await get(`${url}/jobs/${jobId}/archive`)
    const bytes = Buffer.from(await archive.arrayBuffer())
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    if (view.state === 'completed') {
      if (archive.status !== 200) fault(jobId, `its archive answers ${archive.status}`)
      else if (sha256 !== view.archive?.sha256) fault(jobId, 'its archive is not what its hash says')
      else count('archives whose hash matches')
    } else if (archive.status !== 409) fault(jobId, `there is an archive (${archive.status})`)

    if (chat !== null) {
      const seen = chat.seen(one)
      if (view.delivery?.state !== 'delivered')
        fault(jobId, `was not delivered: ${JSON.stringify(view.delivery)}`)
      const uploaded = view.delivery?.state === 'delivered' && view.delivery.archive === 'upload'
      if (view.state === 'completed')
        count(`${chat.name}: archives ${uploaded ? 'in a thread' : 'by address'}`)
      // A plan that is decided over REST before the thread shows it need not be shown.
      const { plans: shown } = seen
      if (new Set(shown).size !== shown.length || shown.some((version) => version > plans.length))
        fault(jobId, `has the plans ${shown.join(', ')} in ${chat.name}, of ${plans.length}`)
      if (seen.asking > 0) fault(jobId, `still asks for a decision in ${chat.name}`)
      if (one.course !== null) count(`${chat.name}: plans`, shown.length)
      const wanted = [1, 1, uploaded ? 1 : 0, 1, 3 + shown.length]
      const found = [seen.roots, seen.cards, seen.archives, seen.results, seen.messages]
      if (found.join() !== wanted.join())
        fault(
          jobId,
          `has ${found.join(', ')} roots, cards, archives, results and messages in ${chat.name}, not ${wanted.join(', ')}`,
        )
      count(`${chat.name}: results`, seen.results)
      if (uploaded && !seen.archive?.equals(bytes)) fault(jobId, `a different archive is in ${chat.name}`)
      if (seen.elsewhere > 0) fault(jobId, `a message is in another thread of ${chat.name}`)
    }
  }
  for (const chat of chats) faults.push(...chat.problems.map((problem) => `${chat.name}: ${problem}`))

  const jobs = new Map(submitted.map(({ marker, jobId }) => [marker, jobId]))
  checkModelCalls({ modelCalls, deaths, jobs, count, faults })
  return { figures, faults }
}

const decisionWords = (decision: string | undefined): string => decision ?? 'not decided'

function checkModelCalls(deps: {
  readonly modelCalls: readonly ModelCall[]
  readonly deaths: readonly KilledProcess[]
  /** Job ids by prompt marker. */
  readonly jobs: ReadonlyMap<string, string>
  readonly count: (name: string, by?: number) => unknown
  readonly faults: string[]
}): void {
  const { modelCalls, deaths, jobs, count, faults } = deps
  const answered = new Map<string, ModelCall[]>()
  for (const call of modelCalls) {
    count(`model calls: ${call.fate}`)
    if (call.fate !== 'whole') continue
    const key = `${call.marker} ${call.kind}`
    answered.set(key, [...(answered.get(key) ?? []), call])
  }
  count('model calls paid', answered.size)
  count('model calls paid twice', 0)
  for (const [key, all] of answered) {
    const kept = unexcusedCalls(all, deaths, jobs.get(all[0]!.marker))
    const died = all.length - kept.length
    if (died > 0) count('answers that died with their worker', died)
    if (kept.length <= 1) continue
    count('model calls paid twice', kept.length - 1)
    const history = all.map(
      ({ caller, life, at, endedAt }) => `${caller} (process ${life}) from ${at} to ${endedAt}`,
    )
    const killed = deaths.map(({ caller, life, at }) => `${caller} (process ${life}) at ${at}`)
    faults.push(`${key}: was paid twice, by ${history.join(' and ')}; killed were ${killed.join(', ')}`)
  }
}

const get = (url: string) => fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) })

async function listAll(url: string, state?: JobState): Promise<string[]> {
  const ids: string[] = []
  for (let cursor = ''; ;) {
    const query = new URLSearchParams({ limit: '100', ...(cursor && { cursor }), ...(state && { state }) })
    const page = (await (await get(`${url}/jobs?${query}`)).json()) as {
      jobs: { jobId: string }[]
      nextCursor: string | null
    }
    ids.push(...page.jobs.map(({ jobId }) => jobId))
    if (page.nextCursor === null) return ids
    cursor = page.nextCursor
  }
}

/** The final states in a job's event stream, from its first change on. */
async function finalStatesOf(url: string, jobId: string): Promise<string[]> {
  const response = await fetch(`${url}/jobs/${jobId}/events?lastEventId=0-1`, {
    signal: AbortSignal.timeout(20_000),
  })
  const text = await response.text()
  return [...text.matchAll(/^data: (.*)$/gm)]
    .map(([, data = '']) => JobView.parse(JSON.parse(data)).state)
    .filter((state, index, states) => FINAL.has(state) && states.indexOf(state) === index)
}

/**
 * What is left after all programs have exited: processes that refer to the folder, and orphaned files. Each of the `kills` may
 * have left one file half written, which retention removes after an hour.
 */
export async function findLeftovers(home: string, kills: number): Promise<string[]> {
  const left: string[] = []
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    const env = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
    if (Number(pid) !== process.pid && (line.includes(home) || env.includes(home)))
      left.push(`process ${pid}: ${line.replaceAll('\0', ' ').slice(0, 200)}`)
  }
  for (const name of await readdir(join(home, 'tmp'))) left.push(`folder tmp/${name}`)
  const entries = await readdir(home, { recursive: true })
  const written = entries.filter((entry) => /jobs\/.*\.tmp$/.test(entry))
  const orphaned = [
    ...entries.filter((entry) => entry.includes('.removing-')),
    ...(written.length > kills ? written : []),
  ]
  return [...left, ...orphaned.map((entry) => `folder ${entry}`)]
}
