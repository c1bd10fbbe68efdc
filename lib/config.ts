import { z } from 'zod'
import { oneOf, variable } from './env.ts'
import { LOG_LEVELS, type LogLevel } from './log.ts'
import { headerList, type TelemetryConfig } from './telemetry.ts'

/** Log settings shared by all programs. */
export const LOG_VARIABLES = {
  LOG_LEVEL: oneOf(LOG_LEVELS, 'info'),
  LOG_PROMPTS: oneOf(['0', '1'], '0'),
}

export type LogConfig = { readonly level: LogLevel; readonly prompts: boolean }

export const logConfig = (values: {
  readonly LOG_LEVEL: LogLevel
  readonly LOG_PROMPTS: '0' | '1'
}): LogConfig => ({ level: values.LOG_LEVEL, prompts: values.LOG_PROMPTS === '1' })

/** Trace export settings, with OpenTelemetry's standard names. */
export const TELEMETRY_VARIABLES = {
  OTEL_EXPORTER_OTLP_ENDPOINT: variable(
    z.url({ protocol: /^https?$/ }).optional(),
    'the address of an OpenTelemetry collector, such as http://localhost:4318',
  ),
  OTEL_EXPORTER_OTLP_HEADERS: variable(headerList, 'headers, such as api-key=abc,tenant=team', {
    secret: true,
  }),
}

export const telemetryConfig = (values: {
  readonly OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined
  readonly OTEL_EXPORTER_OTLP_HEADERS: Readonly<Record<string, string>>
}): TelemetryConfig =>
  values.OTEL_EXPORTER_OTLP_ENDPOINT === undefined
    ? null
    : { endpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT, headers: values.OTEL_EXPORTER_OTLP_HEADERS }
