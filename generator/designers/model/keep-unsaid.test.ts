import { expect, it } from 'vitest'
import { Blueprint, type CustomOperation } from '#contract'
import { emptyRefinement } from '../../blueprint/testing/empty-refinement.ts'
import { todoWithComplete } from '../../codegen/testing/operations.ts'
import { readRefinement } from './read-refinement.ts'
import { operationToTransport } from './testing/to-llm.ts'

const [complete] = todoWithComplete.operations
const text = { kind: 'string' as const, nullable: false }

/** The operation after a model has stated it again, with other rules. */
function restated(parts: Partial<CustomOperation>): CustomOperation {
  const examples: CustomOperation['examples'] = []
  const was = { ...complete!, ...parts, examples }
  const changed = { ...was, rules: ['Another rule.'] }
  const present = Blueprint.parse({ ...todoWithComplete, operations: [was] })
  const reading = readRefinement({ ...emptyRefinement, operations: [operationToTransport(changed)] }, present)
  if (reading.kind !== 'sound') throw new Error(JSON.stringify(reading))
  return reading.refinement.blueprint.operations[0]!
}

it.each<[string, Partial<CustomOperation>]>([
  ['bytes', { rawBody: { types: ['image/png'] } }],
  ['cookies', { cookies: [{ name: 'Session.Id', shape: text, required: true }] }],
  ['its name', { operationId: 'todos/complete' }],
  ['other query parameters', { openQuery: true }],
  [
    'files',
    {
      body: { kind: 'object', properties: [{ name: 'title', shape: text, required: true }], nullable: false },
      bodyTypes: ['multipart'],
      files: [{ name: 'picture', required: true }],
    },
  ],
])('a refined operation keeps %s, of which a model says nothing', (_what, parts) => {
  expect(restated(parts)).toMatchObject({ ...parts, rules: ['Another rule.'] })
})
