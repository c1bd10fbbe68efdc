import { stringLiteral } from '../../../../codegen/encode/typescript.ts'
import type { Imports } from '../../../../codegen/imports.ts'
import type { Resource } from '../../resource.ts'
import type { Guard } from '../../guard.ts'
import { hooksOf, securityOf, statusesOf } from '../guard-code.ts'

export type Route = {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  path: string
  guards: readonly Guard[]
  operationId: string
  tag: string
  summary: string
  schema: string[]
  success: string
  errors: number[]
  handler: string
}

export function route(imports: Imports, given: Route): string {
  const statuses = [...new Set([...statusesOf(...given.guards), ...given.errors])].sort((a, b) => a - b)
  const errors = imports.value('../http/error-handling.ts', 'errorResponses')
  const schema = [
    `operationId: '${given.operationId}'`,
    `tags: [${stringLiteral(given.tag)}]`,
    `summary: ${stringLiteral(given.summary)}`,
    ...securityOf(...given.guards),
    ...given.schema,
    `response: { ${given.success}, ...${errors}(${statuses.join(', ')}) }`,
  ]
  return `  app.${given.method}(
    '${given.path}',
    {
      ${hooksOf(...given.guards)}
      schema: {
        ${schema.join(',\n')},
      },
    },
    ${given.handler},
  );`
}

const ID_PARAMS = { uuid: 'IdParams', integer: 'NumberIdParams', text: 'TextIdParams' }

/** The schema of `/:id`. */
export const idParams = ({ id }: Resource, imports: Imports): string =>
  imports.value('../http/params.ts', ID_PARAMS[id.kind])

/** The schema of `/:id/…/:otherId`. */
export function linkParams(left: Resource, right: Resource, imports: Imports): string {
  if (left.id.kind === 'uuid' && right.id.kind === 'uuid')
    return imports.value('../http/params.ts', 'LinkParams')
  return `${idParams(left, imports)}.extend({ otherId: ${idParams(right, imports)}.shape.id })`
}

export const noContent = (imports: Imports): string =>
  `204: ${imports.value('../http/no-content.ts', 'NoContent')}`
