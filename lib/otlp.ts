import { setTimeout as sleep } from 'node:timers/promises'
import { SpanKind, SpanStatusCode, context, diag, propagation, trace, DiagLogLevel } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  SamplingDecision,
  TracerProvider,
  type Sampler,
} from '@opentelemetry/sdk-trace'
import { BullMQOtel } from 'bullmq-otel'
import type { Telemetry as QueueTelemetry } from 'bullmq'
import type { Logger } from './log.ts'
import type { Telemetry, TelemetryConfig } from './telemetry.ts'

/** Export interval, export timeout and shutdown timeout, in milliseconds. */
const SEND_EVERY_MS = 2_000
const SEND_WITHIN_MS = 3_000
const FAREWELL_MS = 4_000
/** Attribute that our spans have at their start and BullMQ's do not. */
const JOB = 'job.id'

/** Traces start with a submitted job. BullMQ's polling spans, which belong to no job, start none. */
const aboutJobs: Sampler = {
  shouldSample: (_context, _trace, _name, kind, attributes) => ({
    decision:
      kind !== SpanKind.INTERNAL || attributes[JOB] !== undefined
        ? SamplingDecision.RECORD_AND_SAMPLED
        : SamplingDecision.NOT_RECORD,
  }),
  toString: () => 'about jobs',
}

/** Loaded only when traces are exported: the only file that imports OpenTelemetry. */
export function openOtlp(deps: {
  readonly config: NonNullable<TelemetryConfig>
  readonly service: string
  readonly version: string
  readonly log: Logger
}): Telemetry {
  const { config, service, version, log } = deps
  const tell = (message: string) =>
    log.warn({ reason: message.slice(0, 500) }, 'telemetry: trace export failed')
  const quiet = () => {}
  diag.setLogger({ error: tell, warn: tell, info: quiet, debug: quiet, verbose: quiet }, DiagLogLevel.WARN)

  const exporter = new OTLPTraceExporter({
    url: `${config.endpoint.replace(/\/+$/, '')}/v1/traces`,
    headers: { ...config.headers },
    timeoutMillis: SEND_WITHIN_MS,
  })
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'service.version': version }),
    sampler: new ParentBasedSampler({ root: aboutJobs }),
    spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis: SEND_EVERY_MS })],
  })
  // BullMQ's adapter uses the global API.
  trace.setGlobalTracerProvider(provider)
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  propagation.setGlobalPropagator(new W3CTraceContextPropagator())
  const tracer = trace.getTracer('backend-generator', version)

  return {
    queue: withoutWords(new BullMQOtel({ tracerName: 'bullmq' })),
    inSpan: (name, attributes, work) =>
      tracer.startActiveSpan(name, { attributes }, async (span) => {
        try {
          return await work()
        } catch (error) {
          // The message may quote the prompt; the code is enough.
          const { code } = error as { code?: unknown }
          if (typeof code === 'string') span.setAttribute('error.type', code)
          span.setStatus({ code: SpanStatusCode.ERROR })
          throw error
        } finally {
          span.end()
        }
      }),
    async [Symbol.asyncDispose]() {
      // An unreachable collector must not delay the shutdown.
      const sent = provider.shutdown().catch((error: Error) => tell(error.message))
      await Promise.race([sent, sleep(FAREWELL_MS, undefined, { ref: false })])
      for (const api of [trace, context, propagation, diag]) api.disable()
    },
  }
}

/** BullMQ records results and error messages, which may quote the prompt; keeps only the error names. */
function withoutWords({ tracer, contextManager }: BullMQOtel): QueueTelemetry {
  return {
    contextManager,
    tracer: {
      startSpan(name, options, parent) {
        const span = tracer.startSpan(name, options, parent)
        return {
          setSpanOnContext: (on) => span.setSpanOnContext(on),
          setAttribute: (key, value) => span.setAttribute(key, value),
          setAttributes: (attributes) => span.setAttributes(attributes),
          addEvent: (event) => span.addEvent(event),
          recordException: (error) =>
            span.recordException({ name: error instanceof Error ? error.name : 'Error' }),
          end: () => span.end(),
        }
      },
    },
  }
}
