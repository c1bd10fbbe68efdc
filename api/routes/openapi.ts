import {
  ArchiveInfo,
  Changes,
  Failure,
  GenerateResponse,
  JobList,
  JobNeeds,
  JobSummary,
  JobView,
  Plan,
  Problem,
  Report,
  WorkerInfo,
} from '#contract'
import type { SwaggerOptions } from '@fastify/swagger'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { securitySchemes, withSecurity } from './openapi-security.ts'
import { Health } from './health.ts'
import { exampleJobId, exampleProblem, exampleView } from './examples.ts'
import { Readiness } from './ready.ts'

/** Schemas that the document references by name; a test checks their examples. */
const NAMED: Record<string, { schema: z.ZodType; example?: unknown }> = {
  ArchiveInfo: { schema: ArchiveInfo },
  Changes: { schema: Changes },
  Failure: { schema: Failure },
  GenerateResponse: {
    schema: GenerateResponse,
    example: { message: 'Job queued', jobId: exampleJobId, statusUrl: `/jobs/${exampleJobId}` },
  },
  Health: {
    schema: Health,
    example: { service: 'backend-generator', status: 'ok', version: '1.0.0', uptimeSeconds: 12.5 },
  },
  JobList: { schema: JobList },
  JobNeeds: { schema: JobNeeds },
  JobSummary: { schema: JobSummary },
  JobView: { schema: JobView, example: exampleView },
  Plan: { schema: Plan },
  Problem: { schema: Problem, example: exampleProblem },
  Readiness: { schema: Readiness },
  Report: { schema: Report },
  WorkerInfo: { schema: WorkerInfo },
}
for (const [id, { schema, example }] of Object.entries(NAMED)) {
  z.globalRegistry.add(schema, { id, ...(example !== undefined && { examples: [example] }) })
}

/** Options for generating the OpenAPI 3.1 document from the routes. */
export function openApiOptions(version: string): SwaggerOptions {
  return {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Backend generator',
        version,
        description:
          'A prompt in, a verified backend out. Send a prompt to `POST /generate-backend`, follow the job, download the zip.\n\n' +
          'Every error response is a `Problem`. Every response has an `X-Request-Id`; send your own to find a request in ' +
          'the logs.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      // Relative, so that it works behind any host name and proxy.
      servers: [{ url: '/' }],
      security: [],
      components: { securitySchemes },
      tags: [
        { name: 'Jobs', description: 'Generate, follow, cancel, download.' },
        { name: 'Preferences', description: 'What channels, workspaces and people prefer.' },
        { name: 'Operation', description: 'For the operator of the service.' },
      ],
    },
    transform: withSecurity(jsonSchemaTransform),
    transformObject: (document) => withoutUnused(jsonSchemaTransformObject(document)),
  }
}

type Document = ReturnType<typeof jsonSchemaTransformObject>

/** Named schemas have input and output variants; keeps only the referenced ones. */
function withoutUnused(document: Document): Document {
  const components = 'components' in document ? document.components : undefined
  const all: Record<string, unknown> = { ...components?.schemas }
  const used = new Set<string>()
  const visit = (part: unknown) => {
    for (const [, name = ''] of JSON.stringify(part ?? null).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (used.has(name)) continue
      used.add(name)
      visit(all[name])
    }
  }
  visit('paths' in document ? document.paths : undefined)
  const schemas = Object.fromEntries(Object.entries(all).filter(([name]) => used.has(name)))
  return { ...document, components: { ...components, schemas } } as Document
}
