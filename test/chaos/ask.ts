import { setTimeout as sleep } from 'node:timers/promises'
import { GenerateResponse, type GenerateRequest } from '#contract'
import type { Dice } from './dice.ts'

/** A job that the API has accepted. */
export type Asked = {
  readonly jobId: string
  readonly marker: string
  readonly by: 'rest' | 'slack'
  readonly model: boolean
  readonly channel: string
  readonly userId: string
  cancelled: boolean
}

const PROMPTS = [
  'a todo app',
  'a blog with posts and comments',
  'a library with books and authors',
  'url shortener',
]

/** Asks as a careful client does: with an idempotency key, again and again until there is an answer. */
export async function askFor(deps: {
  readonly url: string
  readonly index: number
  readonly dice: Dice
  readonly withSlack: boolean
}): Promise<Asked> {
  const { url, index, dice } = deps
  const marker = `marker-${index}x${Math.floor(dice.next() * 1e9).toString(36)}`
  const by = deps.withSlack && dice.hits(0.4) ? 'slack' : 'rest'
  const model = dice.hits(0.3)
  const [channel, userId] = [`CCHAOS${index}`, `UCHAOS${index}`]
  const request: GenerateRequest = {
    prompt: model ? `something that is known as ${marker}` : `${dice.oneOf(PROMPTS)}. (${marker})`,
    options: { designer: model ? 'openai' : 'offline' },
    ...(by === 'slack' && {
      origin: { kind: 'slack', teamId: 'T1', channelId: channel, userId, threadTs: null },
    }),
  }
  for (;;) {
    const response = await fetch(`${url}/generate-backend`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': marker },
      body: JSON.stringify(request),
      signal: AbortSignal.timeout(30_000),
    }).catch(() => null)
    if (response?.status === 202) {
      const { jobId } = GenerateResponse.parse(await response.json())
      return { jobId, marker, by, model, channel, userId, cancelled: false }
    }
    if (response !== null && response.status !== 503) throw new Error(`refused: ${await response.text()}`)
    await sleep(300)
  }
}

/** Cancels as often as it takes to be answered. True when the job was cancelled, false when it had ended. */
export async function cancel(url: string, jobId: string): Promise<boolean> {
  for (;;) {
    const signal = AbortSignal.timeout(30_000)
    const response = await fetch(`${url}/jobs/${jobId}`, { method: 'DELETE', signal }).catch(() => null)
    if (response?.status === 200) return true
    if (response?.status === 409) return false
    if (response !== null && response.status !== 503) throw new Error(`refused: ${await response.text()}`)
    await sleep(300)
  }
}
