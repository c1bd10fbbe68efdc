import type { Logger } from './log.ts'
import { noTelemetry, type Telemetry, type TelemetryConfig } from './telemetry.ts'

/** Exports traces when a collector is configured; otherwise loads nothing. Disposing flushes them. */
export async function openTelemetry(deps: {
  readonly config: TelemetryConfig
  /** The service name in traces. */
  readonly service: string
  readonly version: string
  readonly log: Logger
}): Promise<Telemetry> {
  const { config } = deps
  if (config === null) return noTelemetry
  const { openOtlp } = await import('./otlp.ts')
  return openOtlp({ ...deps, config })
}
