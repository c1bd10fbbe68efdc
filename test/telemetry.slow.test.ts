import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { afterAll, describe, expect, it } from 'vitest'
import { runToEnd } from './support/process.ts'
import { makeQueues } from './support/queues.ts'
import { ROOT, ended, post, startMain, temporaryFolder } from './support/service.ts'

type Span = {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly attributes: readonly { readonly key: string; readonly value: Record<string, unknown> }[]
}

/** A collector for traces: OTLP/HTTP with JSON. */
async function startCollector() {
  const spans: Span[] = []
  const requests: { url: string; key: unknown; text: string }[] = []
  const server = createServer(async (request, response) => {
    const body = (await json(request)) as {
      resourceSpans: { scopeSpans: { spans: Span[] }[] }[]
    }
    requests.push({ url: request.url ?? '', key: request.headers['api-key'], text: JSON.stringify(body) })
    spans.push(...body.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)))
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    /** The spans in the trace of a job, by name. */
    of(jobId: string) {
      const submit = spans.find((span) => span.name === 'submit' && attributeOf(span, 'job.id') === jobId)
      return spans.filter(({ traceId }) => traceId === submit?.traceId)
    },
    all: spans,
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

const attributeOf = ({ attributes }: Span, name: string) =>
  attributes.find(({ key }) => key === name)?.value['stringValue']

const queues = makeQueues()
afterAll(queues.remove)

describe('with a collector', { timeout: 480_000 }, () => {
  for (const { name, env: queue, skip } of queues.kinds)
    it.skipIf(skip)(
      `one trace leads from the request through the worker to each stage, on ${name}`,
      async () => {
        await using stack = new AsyncDisposableStack()
        const collector = stack.use(await startCollector())
        const { path: dataDir } = stack.use(await temporaryFolder('telemetry'))
        const env = {
          ...queue,
          OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
          OTEL_EXPORTER_OTLP_HEADERS: 'api-key=hunter2-hunter2',
        }
        const service = await startMain({ dataDir, env })
        let jobId: string
        try {
          jobId = await post(service.url, {
            prompt: 'a todo app for marmalade',
            options: { designer: 'offline' },
          })
          expect((await ended(service.url, jobId)).state).toBe('completed')
        } finally {
          // The last spans are sent on shutdown.
          await service[Symbol.asyncDispose]()
        }
        expect(service.child.exitCode).toBe(0)

        const spans = collector.of(jobId)
        const named = (name: string) => spans.find((span) => span.name === name)
        const [submit, add, process] = ['submit', 'add generate.generate', 'process generate'].map(named)
        expect(submit?.parentSpanId ?? '').toBe('')
        expect(add?.parentSpanId).toBe(submit?.spanId)
        expect(process?.parentSpanId).toBe(add?.spanId)
        const stages = spans.filter(({ name }) => name.startsWith('stage '))
        expect(stages.map(({ name }) => name)).toEqual(
          ['intake', 'design', 'lint', 'render', 'verify', 'pack'].map((stage) => `stage ${stage}`),
        )
        for (const stage of stages) {
          expect(stage.parentSpanId).toBe(process?.spanId)
          expect(attributeOf(stage, 'job.id')).toBe(jobId)
        }
        // BullMQ polls every few seconds, which is not traced.
        expect(collector.all.filter(({ name }) => name.startsWith('getNextJob'))).toEqual([])
        expect(collector.requests.map(({ url, key }) => [url, key])).toContainEqual([
          '/v1/traces',
          'hunter2-hunter2',
        ])
        expect(collector.requests.map(({ text }) => text).join()).not.toContain('marmalade')
        expect(service.output()).not.toContain('hunter2')
      },
    )
})

describe('without a collector', () => {
  it('OpenTelemetry is not loaded', { timeout: 240_000 }, async () => {
    const script = `
      import { registerHooks } from 'node:module'
      registerHooks({ load(url, context, next) {
        if (/opentelemetry|bullmq-otel/.test(url)) console.log('LOADED ' + url)
        return next(url, context)
      } })
      const [{ openTelemetry }] = await Promise.all([import('#lib/open-telemetry'), import('./service.ts')])
      await openTelemetry({ config: null })
      console.log('DONE')`
    const printed = await runToEnd(process.execPath, ['--input-type=module', '--eval', script], { cwd: ROOT })
    expect(printed.trim()).toBe('DONE')
  })
})
