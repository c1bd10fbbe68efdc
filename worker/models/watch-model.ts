import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '#lib/log'
import { makeClient } from './client.ts'
import type { ModelConfig } from './config.ts'
import { listModels } from './list-models.ts'
import { modelStatus, noticeOf, type Listing, type ModelStatus } from './model-status.ts'

/** A list of models that takes longer is done without, in milliseconds. */
const LIST_TIMEOUT_MS = 5_000
/** How often the list is asked for, in milliseconds: daily, and sooner while there is none. */
const REFRESH_MS = 24 * 3_600_000
const RETRY_MS = 3_600_000

export type ModelWatch = AsyncDisposable & {
  /** How the configured model stands now; computed at each call, so that a day begins on time. */
  status(): ModelStatus
}

/**
 * Knows whether the configured model is served, by what the service lists and by the table of announced ends. The
 * first list is waited for, for five seconds at most; without one the table alone decides.
 */
export async function watchModel(deps: {
  readonly config: ModelConfig
  readonly log: Logger
  readonly signal: AbortSignal
  readonly now?: () => Date
  readonly listWithinMs?: number
  /** How the time until the next list passes; tests shorten it. */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<unknown>
}): Promise<ModelWatch> {
  const { config, log, now = () => new Date(), listWithinMs = LIST_TIMEOUT_MS } = deps
  const pause = deps.pause ?? ((ms, signal) => sleep(ms, undefined, { signal, ref: false }))
  const client = makeClient(config)
  const stop = new AbortController()
  const signal = AbortSignal.any([deps.signal, stop.signal])
  let listing: Listing | null = null
  let lastNotice: string | null = null

  const status = () =>
    modelStatus({
      model: config.model,
      isSet: config.isModelSet,
      atOpenAi: config.atOpenAi,
      listing,
      now: now(),
    })

  async function check(): Promise<boolean> {
    let isListed = true
    try {
      listing = await listModels(client, AbortSignal.any([signal, AbortSignal.timeout(listWithinMs)]))
    } catch (error) {
      isListed = false
      const reason = error instanceof Error ? error.name : 'unknown'
      if (!signal.aborted)
        log.info({ reason }, 'the model service did not say which models it serves; known dates are used')
    }
    const notice = noticeOf(status())
    if (notice !== null && notice !== lastNotice) log.warn({ model: status().model }, notice)
    lastNotice = notice
    return isListed
  }

  async function repeat(first: boolean): Promise<void> {
    let isListed = first
    while (!signal.aborted) {
      try {
        await pause(isListed ? REFRESH_MS : RETRY_MS, signal)
      } catch {
        return
      }
      isListed = await check()
    }
  }

  const running = repeat(await check())
  return {
    status,
    async [Symbol.asyncDispose]() {
      stop.abort()
      await running
    },
  }
}
