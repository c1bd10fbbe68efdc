import { createServer } from 'node:http'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { isMainThread } from 'node:worker_threads'

/**
 * Loaded before a program (`--import`): says how long its main thread computed without a pause, over HTTP on LOOP_PROBE_PORT.
 * Computing time of the thread, not time by the clock: what else runs on the machine is not counted. Asking starts over.
 */
const EVERY_MS = 2

if (isMainThread && process.env['LOOP_PROBE_PORT'] !== undefined) {
  const port = Number(process.env['LOOP_PROBE_PORT'])
  // Programs that this one starts are not looked at.
  delete process.env['LOOP_PROBE_PORT']
  delete process.env['NODE_OPTIONS']

  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  let longestMs = 0
  let before = process.threadCpuUsage()
  setInterval(() => {
    // Between two looks at least one turn of the loop has ended.
    const { user, system } = process.threadCpuUsage(before)
    longestMs = Math.max(longestMs, (user + system) / 1000)
    before = process.threadCpuUsage()
  }, EVERY_MS).unref()

  const server = createServer((_request, response) => {
    response.end(JSON.stringify({ longestMs, p99Ms: delay.percentile(99) / 1e6, maxMs: delay.max / 1e6 }))
    longestMs = 0
    delay.reset()
  })
  server.listen(port, '127.0.0.1').unref()
}
