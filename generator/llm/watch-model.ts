import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '#lib/log'
import { makeClient } from './client.ts'
import type { ModelConfig } from './config.ts'
import { listModels } from './list-models.ts'
import { modelStatus, noticeOf, type Listing, type ModelStatus } from './model-status.ts'

/** Timeout for listing models, in milliseconds. */
const LIST_TIMEOUT_MS = 5_000
/** Refresh interval of the model list in milliseconds: daily, and hourly after a failure. */
const REFRESH_MS = 24 * 3_600_000
const RETRY_MS = 3_600_000

export type ModelWatch = AsyncDisposable & {
  /** The current status of the configured model or of another one; computed on each call, so that date changes apply at once. */
  status(other?: string): ModelStatus
}

/**
 * Tracks whether the configured model is available, from the service's list and the table of retirements. Waits up to
 * five seconds for the first list; without one, only the table applies.
 */
export async function watchModel(deps: {
  readonly config: ModelConfig
  readonly log: Logger
  readonly signal: AbortSignal
  readonly now?: () => Date
  readonly listWithinMs?: number
  /** Sleeps until the next refresh; replaced in tests. */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<unknown>
}): Promise<ModelWatch> {
  const { config, log, now = () => new Date(), listWithinMs = LIST_TIMEOUT_MS } = deps
  const pause = deps.pause ?? ((ms, signal) => sleep(ms, undefined, { signal, ref: false }))
  const client = makeClient(config)
  const stop = new AbortController()
  const signal = AbortSignal.any([deps.signal, stop.signal])
  let listing: Listing | null = null
  let lastNotice: string | null = null

  const status = (other = config.model) =>
    modelStatus({
      model: other,
      isSet: other !== config.model || config.isModelSet,
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
        log.info({ reason }, 'could not list the models of the service; using known retirement dates')
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
