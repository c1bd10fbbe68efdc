import { once } from 'node:events'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, get } from 'node:http'
import { text } from 'node:stream/consumers'
import { startRedis } from '../test/chaos/redis.ts'
import { run, type Running } from '../test/support/process.ts'
import { freePort } from '../test/support/ports.ts'
import { ROOT, post, temporaryFolder } from '../test/support/service.ts'
import { percentile, table } from './figures.ts'

const JOBS = 1_000
/**
 * Warm-up projects before measuring: code is loaded and compiled, and the formatter's pools fill. Measured after
 * every 20 jobs, a worker held 396, 442, 460, 468, 469, 479, 487 and 488 MB.
 */
const WARM_JOBS = 100
const WARM_SECONDS = 170
const SECONDS = 60
const LIMIT_MS = 50
/** The maximum memory growth of a process, in MB, after garbage collection. */
const GROWTH_MB = 25
const LOOKS = 4

/**
 * A thousand waiting jobs and a busy worker: the time of a list and the delay of events, beside a
 * bare Fastify in the same run, and memory growth. API, worker and Redis are separate processes.
 */
export async function thousandJobs(): Promise<string> {
  await using stack = new AsyncDisposableStack()
  const { path: home } = stack.use(await temporaryFolder('bench-thousand'))
  const redis = stack.use(await startRedis(join(home, 'redis')))
  const port = await freePort()
  const env = { REDIS_URL: redis.url, DATA_DIR: join(home, 'data'), PORT: String(port), LOG_LEVEL: 'warn' }
  const url = `http://127.0.0.1:${port}`
  const api = stack.use(run(process.execPath, [INSPECT, 'api/main.ts'], { cwd: ROOT, env }))
  await api.line(/API on/)
  const floor = stack.use(run(process.execPath, ['bench/floor-main.ts'], { cwd: ROOT }))
  const [, floorUrl = ''] = await floor.line(/floor on (\S+)/)

  // Other load on the machine affects every figure, including the baseline.
  const [load = 0] = loadavg()
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
    run(process.execPath, [INSPECT, 'worker/main.ts'], {
      cwd: ROOT,
      env: { ...env, WORKER_CONCURRENCY: '1' },
    }),
  )
  await worker.line(/Worker on/)

  // The next jobs after the warm-up, whose events are measured.
  const streams = ids.slice(WARM_JOBS, WARM_JOBS + 100).map((jobId) => `${url}/jobs/${jobId}/events`)
  const read = async (signal: AbortSignal) => {
    const [lists, floors, events, floorEvents] = await Promise.all([
      ask(`${url}/jobs?limit=20`, signal),
      ask(`${floorUrl}/jobs`, signal),
      Promise.all(streams.map((address) => listen(address, signal))).then((all) => all.flat()),
      listen(`${floorUrl}/events`, signal),
    ])
    return { lists, floors, events, floorEvents }
  }
  const held = async () => [await heldBy('api', api), await heldBy('worker', worker)] as const
  const warm = new AbortController()
  await Promise.all([read(warm.signal), untilEnded(url, WARM_JOBS, WARM_SECONDS).then(() => warm.abort())])
  const early = await held()
  const { lists, floors, events, floorEvents } = await read(AbortSignal.timeout(SECONDS * 1_000))
  const late = await held()

  const figures = (name: string, values: readonly number[]) => [
    name,
    String(values.length),
    ...[0.5, 0.99, 1].map((share) => `${percentile(values, share).toFixed(1)} ms`),
  ]
  const flat = early.every(({ megabytes }, at) => late[at]!.megabytes - megabytes <= GROWTH_MB)
  const fast = percentile(lists, 0.99) < LIMIT_MS && percentile(events, 0.99) < LIMIT_MS
  return [
    `${JOBS} jobs wait (queued in ${Math.round(queuedMs)} ms) and one worker works on them, for ${SECONDS} s (load before: ${load.toFixed(1)})`,
    table([
      ['', 'count', 'median', 'p99', 'max'],
      figures('GET /jobs', lists),
      figures('a bare Fastify', floors),
      figures('an event, from the change to the reader', events),
      figures('a bare stream', floorEvents),
    ]),
    '',
    table([
      ['resident memory, after a collection', 'early', 'late'],
      ...early.map(({ name, megabytes }, at) => [
        name,
        `${megabytes.toFixed(0)} MB`,
        `${late[at]!.megabytes.toFixed(0)} MB`,
      ]),
    ]),
    '',
    `The p99 is to stay below ${LIMIT_MS} ms: ${fast ? 'it does' : 'IT DOES NOT'}. Memory is to stay flat: ${flat ? 'it does' : 'IT DOES NOT'}.`,
  ].join('\n')
}

/** Waits until so many jobs have ended; throws on timeout, since a cold worker gives other figures. */
async function untilEnded(url: string, jobs: number, seconds: number): Promise<void> {
  const deadline = performance.now() + seconds * 1_000
  while (performance.now() < deadline) {
    const page = await fetch(`${url}/jobs?state=completed&limit=${jobs}`)
    if (((await page.json()) as { jobs: unknown[] }).jobs.length >= jobs) return
    await sleep(500)
  }
  throw new Error(`not ${jobs} jobs had ended after ${seconds} s, so nothing was measured`)
}

/** Sequential requests over one connection, about twenty per second; the time of each, in milliseconds. */
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

/** The delay of each received event, by the time in its id, in milliseconds. */
async function listen(url: string, signal: AbortSignal): Promise<number[]> {
  const late: number[] = []
  try {
    const response = await fetch(url, { signal })
    const opened = Date.now()
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream()))
      for (const [, at] of chunk.matchAll(/^id: (\d+)-\d+$/gm))
        if (Number(at) > opened) late.push(Date.now() - Number(at))
  } catch {
    // Timed out.
  }
  return late
}

/** Exposes the program's memory usage. */
const INSPECT = '--inspect=127.0.0.1:0'

/** The memory of a program after garbage collection, in MB. */
async function heldBy(name: string, program: Running): Promise<{ name: string; megabytes: number }> {
  const [, address = ''] = await program.line(/Debugger listening on (ws:\S+)/)
  const socket = new WebSocket(address)
  await once(socket, 'open')
  const call = async (method: string, params = {}) => {
    const answer = once(socket, 'message')
    socket.send(JSON.stringify({ id: 1, method, params }))
    const [{ data }] = (await answer) as [{ data: string }]
    return JSON.parse(data) as { result?: { result?: { value?: number } } }
  }
  // The minimum of a few samples: a job is always running, and its buffers are not growth.
  const looks: number[] = []
  while (looks.length < LOOKS) {
    await call('HeapProfiler.collectGarbage')
    // V8 releases pages a moment later.
    await sleep(1_000)
    const seen = await call('Runtime.evaluate', { expression: 'process.memoryUsage.rss()' })
    looks.push(seen.result?.result?.value ?? Number.NaN)
  }
  socket.close()
  return { name, megabytes: Math.min(...looks) / 1e6 }
}
