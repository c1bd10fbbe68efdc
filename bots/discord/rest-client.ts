import { REST, Routes } from 'discord.js'
import { toChatError, type Retry } from './errors.ts'

/**
 * Calls to Discord's REST API with the bot token, each with a timeout. Does not retry. Timeouts are in milliseconds;
 * `timeoutMs` applies to a call without its own, `uploadTimeoutMs` is the longest that a call may have. `signal` aborts
 * calls in progress. Throws `ChatError`.
 */
export function makeRestClient(options: {
  readonly token: string
  readonly apiUrl: string | undefined
  readonly timeoutMs: number
  readonly uploadTimeoutMs: number
  readonly signal: AbortSignal | undefined
}) {
  const { token, apiUrl, timeoutMs, uploadTimeoutMs, signal: stop } = options
  const rest = new REST({
    version: '10',
    ...(apiUrl && { api: apiUrl }),
    timeout: uploadTimeoutMs,
    retries: 0,
    rejectOnRateLimit: () => true,
  }).setToken(token)
  let self: Promise<string> | null = null

  async function call<Result>(
    retry: Retry,
    work: (signal: AbortSignal) => Promise<unknown>,
    ms = timeoutMs,
  ): Promise<Result> {
    const signals = [AbortSignal.timeout(ms), ...(stop ? [stop] : [])]
    try {
      return (await work(AbortSignal.any(signals))) as Result
    } catch (error) {
      stop?.throwIfAborted()
      const failed = toChatError(error, retry)
      // The client drops its token after any 401, even one from a proxy.
      if (failed.reason === 'unauthorized') rest.setToken(token)
      throw failed
    }
  }

  /** The bot's own user ID, requested until the first success. */
  const selfId = () =>
    (self ??= call<{ id: string }>('again', (signal) => rest.get(Routes.user(), { signal }))
      .then(({ id }) => id)
      .catch((error: unknown) => {
        self = null
        throw error
      }))

  return { rest, call, selfId }
}
