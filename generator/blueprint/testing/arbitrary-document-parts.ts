import * as fc from 'fast-check'
import type { Blueprint, CustomOperation, Shape } from '#contract'
import { lintBlueprint } from '../lint-blueprint.ts'

/** What only documents state of an operation, and which of it an operation has. */
export type DrawnParts = {
  readonly cookies: boolean
  readonly files: boolean
  readonly isList: boolean
  readonly mediaType: boolean
  readonly verb: boolean
  readonly headers: boolean
  readonly bytes: boolean
  readonly required: boolean
}

export const drawnParts = (): fc.Arbitrary<DrawnParts> =>
  fc.record({
    cookies: fc.boolean(),
    files: fc.boolean(),
    isList: fc.boolean(),
    mediaType: fc.boolean(),
    verb: fc.boolean(),
    headers: fc.boolean(),
    bytes: fc.boolean(),
    required: fc.boolean(),
  })

/** The Blueprint with those parts in the operations that can have them, each on its own. */
export function withDocumentParts(blueprint: Blueprint, drawn: readonly DrawnParts[]): Blueprint {
  let made = blueprint
  for (const [at, parts] of drawn.entries()) {
    const operation = made.operations[at]
    if (!operation || operation.implementation || operation.signIn) continue
    const operations = made.operations.with(at, { ...operation, ...partsOf(operation, parts) })
    const linted = lintBlueprint({ ...made, operations })
    if (linted.diagnostics.length === 0) made = linted.blueprint
  }
  return made
}

const TEXT: Shape = { kind: 'string', nullable: false }

function partsOf(operation: CustomOperation, drawn: DrawnParts): Partial<CustomOperation> {
  const { required } = drawn
  const { body, method, path, responses } = operation
  const hasFiles = drawn.files && body?.kind === 'object' && operation.bodyTypes === undefined
  const hasBytes = drawn.bytes && !hasFiles && method !== 'GET' && operation.bodyTypes === undefined
  return {
    ...(drawn.cookies && {
      cookies: [
        { name: 'Session.Id', shape: TEXT, required },
        { name: 'page-size', shape: { kind: 'integer', nullable: false, min: 1 }, required: false },
      ],
    }),
    ...(hasFiles && {
      bodyTypes: ['multipart' as const],
      files: [
        {
          name: 'the-picture',
          required,
          ...(drawn.isList && { isList: true as const }),
          types: ['image/png', 'text/*'],
        },
      ],
    }),
    ...(drawn.mediaType && body && !hasFiles && !hasBytes && { bodyMediaType: 'application/vnd.shop+json' }),
    ...(hasBytes && { body: null, rawBody: drawn.isList ? {} : { types: ['image/*', 'text/csv'] } }),
    ...(drawn.verb && method === 'POST' && !path.endsWith('/') && { path: `${path}::cancel` }),
    ...(drawn.headers &&
      responses.success.kind !== 'redirect' && {
        responses: {
          ...responses,
          success: { ...responses.success, headers: [{ name: 'X-Mark', shape: TEXT, required }] },
        },
      }),
  }
}
