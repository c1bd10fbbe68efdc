import type { JobId, JobState } from '#contract'
import { whenReady, type RedisLike } from './connect.ts'
import { CHANGES_CHANNEL } from './names.ts'

/**
 * Listens for changes of all jobs with one subscription. A signal may get lost with the connection, so whoever
 * listens looks for himself from time to time; `onGap` tells that this is such a time.
 */
export function subscribeChanges(
  client: RedisLike,
  on: { change(jobId: JobId, state: JobState): void; gap(): void },
): { ready: Promise<void> } {
  client.on('message', (_channel: string, message: string) => {
    const [jobId, state] = message.split(' ')
    if (jobId !== undefined && state !== undefined) on.change(jobId, state as JobState)
  })
  const subscribe = async () => {
    await whenReady(client)
    await client.subscribe(CHANGES_CHANNEL)
    // A connection that comes back subscribes again by itself, but what was said meanwhile is gone.
    client.on('ready', () => on.gap())
  }
  const ready = subscribe()
  ready.catch(() => {})
  return { ready }
}
