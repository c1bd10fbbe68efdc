import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, get } from 'node:http'
import { text } from 'node:stream/consumers'
import { startRedis } from '../test/chaos/redis.ts'
import { freePort, run } from '../test/support/process.ts'
import { ROOT, post, temporaryFolder } from '../test/support/service.ts'
import { median, percentile, table } from './figures.ts'

const JOBS = 1_000
const SECONDS = 60
const LIMIT_MS = 50
/** A process may take this much more at the end than at the beginning, in MB. */
const GROWTH_MB = 25

/**
 * A thousand jobs that wait, and a worker that works on them: how long a list takes and how late an event comes, beside a
 * bare Fastify in the same run, and whether memory stays where it is. API, worker and Redis are processes of their own.
 */
export async function thousandJobs(): Promise<string> {
  await using stack = new AsyncDisposableStack()
  const { path: home } = stack.use(await temporaryFolder('bench-thousand'))
  const redis = stack.use(await startRedis(join(home, 'redis')))
  const port = await freePort()
  const env = { REDIS_URL: redis.url, DATA_DIR: join(home, 'data'), PORT: String(port), LOG_LEVEL: 'warn' }
  const url = `http://127.0.0.1:${port}`
  const api = stack.use(run(process.execPath, ['api/main.ts'], { cwd: ROOT, env }))
  await api.line(/API on/)
  const floor = stack.use(run(process.execPath, ['bench/floor-main.ts'], { cwd: ROOT }))
  const [, floorUrl = ''] = await floor.line(/floor on (\S+)/)

  const began = performance.now()
  const ids: string[] = []
  for (let at = 0; at < JOBS; at += 20)
    ids.push(
      ...(await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          post(url, {
            prompt: `A shop with products and orders, number ${at + index}, with a text of some length`,
            options: { designer: 'offline' },
          }),
        ),
      )),
    )
  const queuedMs = performance.now() - began
  const worker = stack.use(
    run(process.execPath, ['worker/main.ts'], { cwd: ROOT, env: { ...env, WORKER_CONCURRENCY: '1' } }),
  )
  await worker.line(/Worker on/)

  const signal = AbortSignal.timeout(SECONDS * 1_000)
  // The jobs that are next, whose events come.
  const streams = ids.slice(0, 12).map((jobId) => `${url}/jobs/${jobId}/events`)
  const [lists, floors, events, floorEvents, memory] = await Promise.all([
    ask(`${url}/jobs?limit=20`, signal),
    ask(`${floorUrl}/jobs`, signal),
    Promise.all(streams.map((address) => listen(address, signal))).then((all) => all.flat()),
    listen(`${floorUrl}/events`, signal),
    watch({ api: api.child.pid!, worker: worker.child.pid! }, signal),
  ])

  const figures = (name: string, values: readonly number[]) => [
    name,
    String(values.length),
    ...[0.5, 0.99, 1].map((share) => `${percentile(values, share).toFixed(1)} ms`),
  ]
  const growth = Object.entries(memory).map(([name, megabytes]) => {
    const fifth = Math.max(1, Math.floor(megabytes.length / 5))
    // Until then code is loaded and pools are filled.
    const [early, late] = [median(megabytes.slice(2 * fifth, 3 * fifth)), median(megabytes.slice(-fifth))]
    return { name, early, late, flat: late - early <= GROWTH_MB }
  })
  const fast = percentile(lists, 0.99) < LIMIT_MS && percentile(events, 0.99) < LIMIT_MS
  return [
    `${JOBS} jobs wait (queued in ${Math.round(queuedMs)} ms) and one worker works on them, for ${SECONDS} s`,
    table([
      ['', 'count', 'median', 'p99', 'max'],
      figures('GET /jobs', lists),
      figures('a bare Fastify', floors),
      figures('an event, from the change to the reader', events),
      figures('a bare stream', floorEvents),
    ]),
    '',
    table([
      ['resident memory', 'early', 'late'],
      ...growth.map(({ name, early, late }) => [name, `${early.toFixed(0)} MB`, `${late.toFixed(0)} MB`]),
    ]),
    '',
    `The p99 is to stay below ${LIMIT_MS} ms: ${fast ? 'it does' : 'IT DOES NOT'}. Memory is to stay flat: ${growth.every(({ flat }) => flat) ? 'it does' : 'IT DOES NOT'}.`,
  ].join('\n')
}

/** One request after the other over one connection, some twenty a second; what each took, in milliseconds. */
async function ask(url: string, signal: AbortSignal): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const times: number[] = []
  while (!signal.aborted) {
    const began = performance.now()
    await new Promise<void>((resolve, reject) => {
      get(url, { agent }, (response) => text(response).then(() => resolve(), reject)).on('error', reject)
    })
    times.push(performance.now() - began)
    await sleep(50, undefined, { signal }).catch(() => {})
  }
  agent.destroy()
  return times
}

/** How late each event is that came while we listened, by the time in its id, in milliseconds. */
async function listen(url: string, signal: AbortSignal): Promise<number[]> {
  const late: number[] = []
  try {
    const response = await fetch(url, { signal })
    const opened = Date.now()
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream()))
      for (const [, at] of chunk.matchAll(/^id: (\d+)-\d+$/gm))
        if (Number(at) > opened) late.push(Date.now() - Number(at))
  } catch {
    // The time is up.
  }
  return late
}

/** What each process has in memory, twice a second, in MB. Linux only. */
async function watch(pids: Readonly<Record<string, number>>, signal: AbortSignal) {
  const seen: Record<string, number[]> = Object.fromEntries(Object.keys(pids).map((name) => [name, []]))
  while (!signal.aborted) {
    for (const [name, pid] of Object.entries(pids)) {
      const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
      const kilobytes = /^VmRSS:\s+(\d+)/m.exec(status)?.[1]
      if (kilobytes !== undefined) seen[name]!.push(Number(kilobytes) / 1e3)
    }
    await sleep(500, undefined, { signal }).catch(() => {})
  }
  return seen
}
