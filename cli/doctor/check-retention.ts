import type { LogConfig } from '#lib/config'
import type { TelemetryConfig } from '#lib/telemetry'
import type { ApiConfig } from '../../api/config.ts'
import type { Finding } from './findings.ts'
import type { DiskProbe } from './checks.ts'

/** How long jobs are kept, and whether the disk has room for what may be kept. */
export function checkRetention(
  { archiveDays, jobDays, totalBytes }: ApiConfig['keep'],
  { freeBytes }: Pick<DiskProbe, 'freeBytes'>,
): Finding {
  const name = 'Retention'
  const days = (count: number | null) => (count === null ? 'for good' : `for ${count} days`)
  const total = totalBytes === null ? 'without a limit of size' : `${gigabytes(totalBytes)} in all`
  const detail = `archives ${days(archiveDays)}, jobs ${days(jobDays)}, ${total}`
  if (archiveDays === null && totalBytes === null)
    return {
      name,
      state: 'weak',
      detail: `${detail}: the disk fills up one day`,
      advice: 'Set KEEP_ARCHIVES_DAYS or KEEP_TOTAL_GB.',
    }
  if (totalBytes !== null && totalBytes > freeBytes)
    return {
      name,
      state: 'weak',
      detail: `${detail}, but ${gigabytes(freeBytes)} are free`,
      advice: 'Unless jobs have most of that already, lower KEEP_TOTAL_GB or make room.',
    }
  return { name, state: 'ok', detail }
}

export function checkLogs({ level, prompts }: LogConfig): Finding {
  const name = 'Logs'
  if (prompts)
    return {
      name,
      state: 'weak',
      detail: `level ${level}, with what people ask for`,
      advice: 'Take LOG_PROMPTS=1 away when the reason for it is found.',
    }
  return level === 'silent' || level === 'fatal'
    ? {
        name,
        state: 'weak',
        detail: `level ${level}: what goes wrong is not written down`,
        advice: 'LOG_LEVEL=warn.',
      }
    : { name, state: 'ok', detail: `level ${level}, without prompts and secrets` }
}

export function checkMetrics({ keys }: Pick<ApiConfig, 'keys'>): Finding {
  const name = 'Metrics'
  if (keys.length === 0) return { name, state: 'ok', detail: 'GET /metrics, for this machine' }
  return keys.some(({ scopes }) => scopes.includes('read') || scopes.includes('admin'))
    ? { name, state: 'ok', detail: 'GET /metrics, with a key that has the scope read' }
    : {
        name,
        state: 'weak',
        detail: 'GET /metrics needs a key with the scope read, and there is none',
        advice: 'npm run keys -- create prometheus --scopes read',
      }
}

/** Whether somebody takes traces where they are sent. Whatever answers there is taken for a collector. */
export async function checkTraces(config: TelemetryConfig): Promise<Finding> {
  const name = 'Traces'
  if (config === null)
    return { name, state: 'off', detail: 'OTEL_EXPORTER_OTLP_ENDPOINT is not set: none are sent' }
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
        detail: `nobody answers at ${origin}`,
        advice: 'Start the collector, or correct OTEL_EXPORTER_OTLP_ENDPOINT. Jobs run without it.',
      }
}

const gigabytes = (bytes: number) => `${Number((bytes / 1e9).toFixed(1))} GB`
