import type { Logger } from './log.ts'
import { noTelemetry, type Telemetry, type TelemetryConfig } from './telemetry.ts'

/** Traces, where there is a collector to send them to; otherwise nothing of it is even loaded. Disposing sends the last. */
export async function openTelemetry(deps: {
  readonly config: TelemetryConfig
  /** What this program is called in traces. */
  readonly service: string
  readonly version: string
  readonly log: Logger
}): Promise<Telemetry> {
  const { config } = deps
  if (config === null) return noTelemetry
  const { openOtlp } = await import('./otlp.ts')
  return openOtlp({ ...deps, config })
}
