import { writeSync } from 'node:fs'
import { workerData } from 'node:worker_threads'
import { OUT_OF_MEMORY, OUT_OF_TIME } from './messages.ts'
import { readLimits } from './watchdog-limits.ts'

/** Interval of the checks, in milliseconds. */
const EVERY_MS = 100

const { limits, parent } = workerData as { limits: Int32Array; parent: number }

/** Kills the whole process when it exceeds its limits or its parent has exited. */
setInterval(() => {
  if (process.ppid !== parent) end()
  const now = readLimits(limits)
  if (now === null) return
  const { user, system } = process.cpuUsage()
  if ((user + system) / 1000 > now.cpuMs) end(OUT_OF_TIME)
  if (process.memoryUsage.rss() / 1_000_000 > now.memoryMb) end(OUT_OF_MEMORY)
}, EVERY_MS)

function end(reason?: string): void {
  if (reason !== undefined) writeSync(2, `${reason}\n`)
  process.kill(process.pid, 'SIGKILL')
}
