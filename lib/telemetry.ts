import type { Telemetry as QueueTelemetry } from 'bullmq'
import { z } from 'zod'

/** Runs work as a span of the current trace. Attributes must not contain prompts. */
export type InSpan = <T>(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  work: () => Promise<T>,
) => Promise<T>

export type Telemetry = AsyncDisposable & {
  readonly inSpan: InSpan
  /** For BullMQ, which propagates the trace with a job. */
  readonly queue?: QueueTelemetry
}

export type TelemetryConfig = {
  /** The URL of an OTLP/HTTP collector, such as `http://localhost:4318`. */
  readonly endpoint: string
  readonly headers: Readonly<Record<string, string>>
} | null

export const noTelemetry: Telemetry = {
  inSpan: (_name, _attributes, work) => work(),
  async [Symbol.asyncDispose]() {},
}

/** Comma-separated `name=value` pairs, as in OpenTelemetry; values may be percent-encoded. */
export const headerList = z
  .string()
  .optional()
  .transform((text, { addIssue }) => {
    const headers: Record<string, string> = {}
    for (const pair of text?.split(',') ?? []) {
      const [, name, value] = /^\s*([\w-]+)=(.*?)\s*$/.exec(pair) ?? []
      if (name === undefined || value === undefined) addIssue('not a list of headers')
      else headers[name] = decoded(value)
    }
    return headers
  })

function decoded(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
