import { setTimeout as sleep } from 'node:timers/promises'
import { GenerateResponse, type GenerateRequest, type Origin } from '#contract'
import type { WorstCase } from '../../generator/designers/testing/worst-case.ts'
import { WORST_CASES } from '../../generator/designers/testing/worst-cases.ts'
import type { ChaosChat } from './chat.ts'
import { drawCourse, type PlanCourse } from './plan-courses.ts'
import type { Rng } from './rng.ts'

/** A job that the API has accepted. */
export type SubmittedJob = {
  readonly jobId: string
  readonly marker: string
  readonly model: boolean
  /** Name of the expensive document or prompt; null for other jobs. */
  readonly worst: string | null
  readonly origin: Origin
  /** The chat of the requester; null for REST. */
  readonly chat: ChaosChat | null
  /** What is done about its plans; null for a job without. */
  readonly course: PlanCourse | null
  cancelled: boolean
}

/** Share of the jobs that show a plan and wait. */
const PLANS = 0.35

/** Every nth job is expensive to parse. */
const WORST_EVERY = 8

const PROMPTS = [
  'a todo app',
  'a blog with posts and comments',
  'a library with books and authors',
  'url shortener',
]

/** A selection of worst cases; the parser's own tests have all of them. */
const WORST = [
  'allOf twice',
  'a chain of references',
  'many keys in YAML',
  'many entities of many fields',
  'many changes of a table',
  'tables of many columns',
  'many things with fields',
]
/** Prompt limit in characters; documents may have a million. */
const LONGEST_PROMPT = 20_000

/** The largest size that fits, with a marker. */
function worstCaseRequest(name: string, marker: string): GenerateRequest {
  const worst = WORST_CASES.find((one) => one.name === name)
  if (worst === undefined) throw new Error(`there is no document "${name}" among the worst cases`)
  const options = { designer: 'offline' } as const
  if (worst.kind !== 'prompt')
    return { prompt: `what the document says (${marker})`, spec: worst.text(worst.most), options }
  return { prompt: `${longest(worst)} (${marker})`, options }
}

function longest({ text, most }: WorstCase): string {
  let size = most
  while (text(size).length > LONGEST_PROMPT - 50) size = Math.floor(size * 0.8)
  return text(size)
}

/** Milliseconds within which a request is accepted, through all faults. */
const ACCEPTANCE_MS = 180_000

/** A signal that stops one attempt, and the end of all attempts. */
export const attempts = (what: string) => {
  const end = performance.now() + ACCEPTANCE_MS
  return () => {
    if (performance.now() > end) throw new Error(`${what} had no answer for ${ACCEPTANCE_MS / 1000} s`)
    return AbortSignal.timeout(30_000)
  }
}

/** Submits with an idempotency key and retries until there is a response. */
export async function submitJob(deps: {
  readonly url: string
  readonly index: number
  readonly rng: Rng
  /** Draws what becomes of plans. */
  readonly plans: Rng
  readonly chats: readonly ChaosChat[]
}): Promise<SubmittedJob> {
  const { url, index, rng, plans } = deps
  const marker = `marker-${index}x${Math.floor(rng.next() * 1e9).toString(36)}`
  const chat = rng.hits(0.5) ? rng.oneOf(deps.chats) : null
  const origin = chat?.originOf(index) ?? ({ kind: 'rest' } as const)
  // In turn, from the first jobs on, so that a short run has some too.
  const worst = index % WORST_EVERY === 1 ? WORST[Math.floor(index / WORST_EVERY) % WORST.length]! : null
  const model = worst === null && rng.hits(0.3)
  const body: GenerateRequest =
    worst === null
      ? {
          prompt: model ? `something that is known as ${marker}` : `${rng.oneOf(PROMPTS)}. (${marker})`,
          options: { designer: model ? 'openai' : 'offline' },
        }
      : worstCaseRequest(worst, marker)
  const course = worst === null && plans.hits(PLANS) ? drawCourse(plans) : null
  const request = {
    ...body,
    options: { ...body.options, plan: course === null ? 'never' : 'always' },
    ...(chat !== null && { origin }),
  }
  const attempt = attempts(`the request ${marker}`)
  for (;;) {
    const signal = attempt()
    const response = await fetch(`${url}/generate-backend`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': marker },
      body: JSON.stringify(request),
      signal,
    }).catch(() => null)
    if (response?.status === 202) {
      const { jobId } = GenerateResponse.parse(await response.json())
      return { jobId, marker, model, worst, origin, chat, course, cancelled: false }
    }
    if (response !== null && response.status !== 503) throw new Error(`refused: ${await response.text()}`)
    await sleep(300)
  }
}

/** Retries until there is a response. True when the job was cancelled, false when it had already ended. */
export async function cancelJob(url: string, jobId: string): Promise<boolean> {
  const attempt = attempts(`the cancellation of ${jobId}`)
  for (;;) {
    const signal = attempt()
    const response = await fetch(`${url}/jobs/${jobId}`, { method: 'DELETE', signal }).catch(() => null)
    if (response?.status === 200) return true
    if (response?.status === 409) return false
    if (response !== null && response.status !== 503) throw new Error(`refused: ${await response.text()}`)
    await sleep(300)
  }
}
