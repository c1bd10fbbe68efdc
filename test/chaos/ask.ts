import { setTimeout as sleep } from 'node:timers/promises'
import { GenerateResponse, type GenerateRequest, type Origin } from '#contract'
import type { ChaosChat } from './chat.ts'
import type { Dice } from './dice.ts'

/** A job that the API has accepted. */
export type Asked = {
  readonly jobId: string
  readonly marker: string
  readonly model: boolean
  readonly origin: Origin
  /** Where the answer is told; null for whoever asks for it. */
  readonly chat: ChaosChat | null
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
  readonly chats: readonly ChaosChat[]
}): Promise<Asked> {
  const { url, index, dice } = deps
  const marker = `marker-${index}x${Math.floor(dice.next() * 1e9).toString(36)}`
  const chat = dice.hits(0.5) ? dice.oneOf(deps.chats) : null
  const origin = chat?.originOf(index) ?? ({ kind: 'rest' } as const)
  const model = dice.hits(0.3)
  const request: GenerateRequest = {
    prompt: model ? `something that is known as ${marker}` : `${dice.oneOf(PROMPTS)}. (${marker})`,
    options: { designer: model ? 'openai' : 'offline' },
    ...(chat !== null && { origin }),
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
      return { jobId, marker, model, origin, chat, cancelled: false }
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
