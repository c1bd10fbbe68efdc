import { expect, it } from 'vitest'
import { blueprintOf } from '#contract/testing/samples'
import type { Node } from './document.ts'
import { MAX_CALL, MAX_CALLS } from './plan.ts'
import { planCalls } from './plan-calls.ts'

const SIZE = 30
const refs = Array.from({ length: SIZE }, (_, at) => ({ $ref: `#/components/schemas/S${at}`, title: 'x' }))

/** Each of these schemas leads to all of them, so that reading all ways would take for ever. */
const WEBS: Readonly<Record<string, Node>> = {
  allOf: { allOf: refs },
  oneOf: { oneOf: refs },
  'required properties': {
    type: 'object',
    required: refs.map((_, at) => `p${at}`),
    properties: Object.fromEntries(refs.map((ref, at) => [`p${at}`, ref])),
  },
  'lists of lists': { type: 'array', minItems: 20, items: refs[1] },
  'an example of a megabyte': { type: 'object', example: { text: 'x'.repeat(1_000_000) } },
}

it.each(Object.entries(WEBS))('a web of %s has a plan of bounded size', (_name, schema) => {
  const content = { 'application/json': { schema: refs[0] } }
  const operation = {
    requestBody: { content },
    responses: {
      200: { description: 'ok', content },
      400: { description: 'no' },
      404: { description: 'no' },
    },
  }
  const document = {
    openapi: '3.1.0',
    paths: Object.fromEntries(
      Array.from({ length: 20 }, (_, at) => [
        `/things${at}/{id}/parts`,
        { post: operation, put: operation, get: { responses: operation.responses } },
      ]),
    ),
    components: { schemas: Object.fromEntries(refs.map((_, at) => [`S${at}`, schema])) },
  }
  const { calls, uncalled } = planCalls({ document, blueprint: blueprintOf() })
  expect(calls.length).toBeLessThanOrEqual(MAX_CALLS)
  for (const call of calls) expect(JSON.stringify(call).length).toBeLessThanOrEqual(MAX_CALL)
  expect(calls.some(({ method }) => method === 'GET')).toBe(true)
  for (const { reason } of uncalled) expect(reason).toBe('its examples are too long')
})
