import type { LogConfig } from '#lib/config'
import type { TelemetryConfig } from '#lib/telemetry'
import type { ApiConfig } from '../../api/config.ts'
import type { Finding } from './findings.ts'
import type { DiskProbe } from './checks.ts'

/** Checks retention settings against the free disk space. */
export function checkRetention(
  { archiveDays, jobDays, totalBytes }: ApiConfig['keep'],
  { freeBytes }: Pick<DiskProbe, 'freeBytes'>,
): Finding {
  const name = 'Retention'
  const days = (count: number | null) => (count === null ? 'forever' : `for ${count} days`)
  const total = totalBytes === null ? 'no size limit' : `${gigabytes(totalBytes)} in total`
  const detail = `archives ${days(archiveDays)}, jobs ${days(jobDays)}, ${total}`
  if (archiveDays === null && totalBytes === null)
    return {
      name,
      state: 'weak',
      detail: `${detail}: the disk will eventually fill up`,
      advice: 'Set KEEP_ARCHIVES_DAYS or KEEP_TOTAL_GB.',
    }
  if (totalBytes !== null && totalBytes > freeBytes)
    return {
      name,
      state: 'weak',
      detail: `${detail}, but only ${gigabytes(freeBytes)} free`,
      advice: 'Unless existing jobs already use most of it, lower KEEP_TOTAL_GB or free disk space.',
    }
  return { name, state: 'ok', detail }
}

export function checkLogs({ level, prompts }: LogConfig): Finding {
  const name = 'Logs'
  if (prompts)
    return {
      name,
      state: 'weak',
      detail: `level ${level}, including prompts`,
      advice: 'Remove LOG_PROMPTS=1 when you have finished debugging.',
    }
  return level === 'silent' || level === 'fatal'
    ? {
        name,
        state: 'weak',
        detail: `level ${level}: errors are not logged`,
        advice: 'LOG_LEVEL=warn.',
      }
    : { name, state: 'ok', detail: `level ${level}, without prompts and secrets` }
}

export function checkMetrics({ keys }: Pick<ApiConfig, 'keys'>): Finding {
  const name = 'Metrics'
  if (keys.length === 0) return { name, state: 'ok', detail: 'GET /metrics, for this machine' }
  return keys.some(({ scopes }) => scopes.includes('read') || scopes.includes('admin'))
    ? { name, state: 'ok', detail: 'GET /metrics, with a key that has the read scope' }
    : {
        name,
        state: 'weak',
        detail: 'GET /metrics requires a key with the read scope, and there is none',
        advice: 'npm run keys -- create prometheus --scopes read',
      }
}

/** Checks that the trace endpoint responds. Any response counts as a collector. */
export async function checkTraces(config: TelemetryConfig): Promise<Finding> {
  const name = 'Traces'
  if (config === null)
    return { name, state: 'off', detail: 'OTEL_EXPORTER_OTLP_ENDPOINT is not set: traces are not exported' }
  const { origin } = new URL(config.endpoint)
  const answers = await fetch(config.endpoint, { signal: AbortSignal.timeout(2_000) }).then(
    () => true,
    () => false,
  )
  return answers
    ? { name, state: 'ok', detail: `sent to ${origin}` }
    : {
        name,
        state: 'weak',
        detail: `no response from ${origin}`,
        advice: 'Start the collector, or correct OTEL_EXPORTER_OTLP_ENDPOINT. Jobs run either way.',
      }
}

const gigabytes = (bytes: number) => `${Number((bytes / 1e9).toFixed(1))} GB`
