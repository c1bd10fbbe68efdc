import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createHistogram, monitorEventLoopDelay } from 'node:perf_hooks'
import { isMainThread } from 'node:worker_threads'

/**
 * Loaded before a program (`--import`): says how long its main thread computed without a pause, and how late its event
 * loop was, over HTTP on LOOP_PROBE_PORT. What others on the machine do is not counted: the first is computing time of the
 * thread, the second is without the time in which the thread waited for a processor. Asking starts over.
 */
const EVERY_MS = 2

if (isMainThread && process.env['LOOP_PROBE_PORT'] !== undefined) {
  const port = Number(process.env['LOOP_PROBE_PORT'])
  // Programs that this one starts are not looked at.
  delete process.env['LOOP_PROBE_PORT']
  delete process.env['NODE_OPTIONS']

  const byClock = monitorEventLoopDelay({ resolution: 5 })
  byClock.enable()
  const own = createHistogram()
  let longestMs = 0
  let before = now()
  setInterval(() => {
    // Between two looks at least one turn of the loop has ended.
    const current = now()
    const { user, system } = process.threadCpuUsage(before.cpu)
    longestMs = Math.max(longestMs, (user + system) / 1000)
    const lateMs = current.ms - before.ms - EVERY_MS - (current.waitedMs - before.waitedMs)
    own.record(Math.max(1, Math.round(lateMs * 1e6)))
    before = current
  }, EVERY_MS).unref()

  const server = createServer((_request, response) => {
    const [ownP99Ms, p99Ms] = [own, byClock].map((delays) => delays.percentile(99) / 1e6)
    response.end(JSON.stringify({ longestMs, ownP99Ms, p99Ms }))
    longestMs = 0
    own.reset()
    byClock.reset()
  })
  server.listen(port, '127.0.0.1').unref()
}

function now() {
  return { ms: performance.now(), cpu: process.threadCpuUsage(), waitedMs: waitedMs() }
}

/** How long the main thread was ready to run and another one had the processor. 0 where the kernel does not say. */
function waitedMs(): number {
  try {
    const [, waited] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')
    return Number(waited) / 1e6
  } catch {
    return 0
  }
}
