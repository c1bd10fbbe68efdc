import { propertyKey } from '../../../../codegen/encode/property.ts'
import { stringLiteral } from '../../../../codegen/encode/typescript.ts'
import type { Imports } from '../../../../codegen/imports.ts'
import { lockedProperties, settersOf, type Resource } from '../../resource.ts'
import type { Guard } from '../../guard.ts'
import { hooksOf, isGuarded, securityOf, statusesOf } from '../guard-code.ts'

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
  /** Whether the body may have fields that only some roles set. */
  locksFields?: boolean
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
      ${hooksOf(...given.guards)}${given.locksFields ? `\n${fieldHook(given.guards, imports)}` : ''}
      schema: {
        ${schema.join(',\n')},
      },
    },
    ${given.handler},
  );`
}

/** Runs before validation, which fills in the defaults of what was left out. Without sign-in, nobody has a role. */
const fieldHook = (guards: readonly Guard[], imports: Imports): string => {
  const check = imports.value('../auth/roles.ts', 'checkFields')
  return isGuarded(...guards)
    ? `preValidation: async (request) => ${check}(authentication.accountOf(request), request.body, fieldRoles),`
    : `preValidation: async ({ body }) => ${check}(null, body, fieldRoles),`
}

/** The same where accounts are registered. */
export const registrationHook = (imports: Imports): string =>
  `// Who registers has no role yet.
preValidation: async ({ body }) => ${imports.value('./roles.ts', 'checkFields')}(null, body, fieldRoles),\n`

/** `fieldRoles`: which roles set which fields; empty if everybody sets all. */
export function fieldRolesOf(resource: Resource, imports: Imports, roles = '../auth/roles.ts'): string {
  const locked = lockedProperties(resource)
  if (locked.length === 0) return ''
  const lines = locked.map(
    (property) => `${propertyKey(property.name)}: [${settersOf(property).map(stringLiteral).join(', ')}],`,
  )
  return `/** Fields that only some roles set. */
const fieldRoles: ${imports.type(roles, 'FieldRoles')} = {
${lines.join('\n')}
};
`
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
