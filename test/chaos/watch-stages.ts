import { setTimeout as sleep } from 'node:timers/promises'
import { JobView } from '#contract'

/** Null without a response. */
export const readJson = async (url: string): Promise<unknown> =>
  (await fetch(url, { signal: AbortSignal.timeout(10_000) }).catch(() => null))?.json().catch(() => null)

/** Polls active jobs and reports when one enters a stage. */
export function watchStages(url: string) {
  let listener: (stage: string) => void = () => {}
  const stopping = new AbortController()
  const known = new Map<string, string>()
  const running = (async () => {
    while (!stopping.signal.aborted) {
      const page = (await readJson(`${url}/jobs?limit=10&state=active`)) as {
        jobs?: { jobId: string }[]
      } | null
      for (const { jobId } of page?.jobs ?? []) {
        const view = JobView.safeParse(await readJson(`${url}/jobs/${jobId}`))
        const stage = view.data?.stage ?? null
        if (stage === null || known.get(jobId) === stage) continue
        known.set(jobId, stage)
        listener(stage)
      }
      await sleep(30)
    }
  })()
  return {
    listen(next: (stage: string) => void) {
      listener = next
    },
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await running
    },
  }
}
