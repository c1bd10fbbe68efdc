import { fillPath } from '#contract'
import { access } from '../../../codegen/encode/property.ts'
import { commentText, stringLiteral } from '../../../codegen/encode/typescript.ts'
import { makeImports, type Imports } from '../../../codegen/imports.ts'
import { camelCase, makeNamespace } from '../../../codegen/names.ts'
import { isByKey, type Crud } from '../crud.ts'
import { RESERVED_IDENTIFIERS, type NamedOperation } from '../custom-operations.ts'
import { canBeRefused } from '../delete-rules.ts'
import type { ProjectModel } from '../model.ts'
import {
  bodyOf,
  isRequired,
  keyExpression,
  ownedBy,
  scopeOf,
  findBy,
  referenceGuards,
  valuesOf,
} from './crud/request-values.ts'
import { listWork } from './crud/list.ts'
import { answerOf } from './crud/response.ts'
import { isWholeResult } from './operation-responses.ts'

/** `src/operations/<id>.ts` of a CRUD operation. */
export function crudFile(custom: NamedOperation, crud: Crud): string {
  const { summary, functionName, fileName, inputName, resultName } = custom
  const imports = makeImports()
  const schemas = `../schemas/operations/${fileName}.ts`
  const code = workOf(custom, crud, imports)
  const { operation } = crud
  const given = {
    params: operation.params.length > 0,
    query: operation.query.length > 0,
    body: operation.body !== null,
    account: crud.binding.owner !== undefined,
  }
  // A property can have the same name; it is then preceded by a dot or followed by a colon.
  const parts = (['params', 'query', 'body', 'account'] as const).filter(
    (part) => given[part] && new RegExp(`(?<![\\w"']|(?<!\\.\\.)\\.)${part}(?![\\w:"'])`).test(code),
  )
  const input = parts.length > 0 ? `{ ${parts.join(', ')} }` : '_input'
  const text = `/** ${commentText(summary)} */
export function ${functionName}(
  ${input}: ${imports.type(schemas, inputName)},
  { repositories }: ${imports.type('../operation-context.ts', 'OperationContext')},
): ${imports.type(schemas, resultName)} {
${code}
}`
  return `${imports.render()}\n\n${text}\n`
}

/** The path of a new row, as a template. */
function locationOf({ operation }: NamedOperation, key: string): string {
  const path = fillPath(operation.path, (name) => `\${encodeURIComponent(String(params${access(name)}))}`)
  return `\`${path}/\${encodeURIComponent(String(${key}))}\``
}

/** The error statuses of an operation's code: missing rows and conflicts. */
export function crudStatuses({ crud }: NamedOperation, model: ProjectModel): number[] {
  if (!crud) return []
  const { binding, resource, kept, references, parents } = crud
  const isUnique = ({ property }: (typeof kept)[number]) =>
    resource.properties.some(({ name, unique }) => unique && name === property.name)
  const conflicts =
    kept.some(isUnique) ||
    (kept.length > 0 && resource.indexes.some(({ unique }) => unique)) ||
    (binding.action === 'create' && binding.row !== null) ||
    (binding.action === 'delete' && canBeRefused(resource, model))
  return [
    ...(forbidsOthers(crud) ? [403] : []),
    ...((binding.row !== null && binding.action !== 'create') || parents.length > 0 ? [404] : []),
    ...(conflicts ? [409] : []),
    ...(references.length > 0 ? [422] : []),
  ]
}

/** Whether a row of another account is refused with 403, as the document states, instead of 404. */
export const forbidsOthers = (crud: Crud): boolean => {
  const { binding, operation } = crud
  return (
    binding.owner !== undefined &&
    isByKey(crud) &&
    ['update', 'replace', 'delete'].includes(binding.action) &&
    operation.responses.errors.some(({ status }) => status === 403)
  )
}

function workOf(custom: NamedOperation, crud: Crud, imports: Imports): string {
  const { binding, resource, parents } = crud
  const names = makeNamespace([
    ...RESERVED_IDENTIFIERS,
    'params',
    'query',
    'body',
    'account',
    'data',
    'pagination',
    'limit',
    'offset',
  ])
  const one = names.take(camelCase(resource.entity.name))
  const table = `repositories.${resource.key}`
  const missing = () =>
    `throw ${imports.value('../errors.ts', 'notFound')}(${stringLiteral(resource.label)});`
  /** The statement for a row that is not there, or not the caller's. */
  const refuse = () =>
    forbidsOthers(crud)
      ? `throw ${table}.find(${keyExpression(crud)}) ? ${imports.value('../errors.ts', 'forbidden')}(${stringLiteral(resource.label)}) : ${imports.value('../errors.ts', 'notFound')}(${stringLiteral(resource.label)});`
      : missing()
  const guards = [
    ...(binding.action === 'list' || binding.action === 'create'
      ? parents.map((parent) => {
          const target = `repositories.${parent.resource.key}.find(params${access(parent.param)}${ownedBy(crud, parent.resource)})`
          return `if (!${target}) throw ${imports.value('../errors.ts', 'notFound')}(${stringLiteral(parent.resource.label)});`
        })
      : []),
    ...referenceGuards(crud, imports),
  ]
  const where = scopeOf(crud)
  const answersRow = binding.answer.some(({ holds }) => holds === 'row')
  const give = (row: string) => (answersRow ? `return ${answerOf(custom, { row })};` : '')
  switch (binding.action) {
    case 'list':
      return [...guards, ...listWork(custom, crud)].join('\n')
    case 'create': {
      const id = binding.row === null ? '' : `, ${bodyOf(crud)}${access(binding.row.name)}`
      if (isWholeResult(custom.operation))
        return [
          ...guards,
          `const ${one} = ${table}.insert(${valuesOf(crud)}${id});`,
          `return ${answerOf(custom, { row: one, location: locationOf(custom, `${one}${access(resource.id.name)}`) })};`,
        ].join('\n')
      if (answersRow && binding.answer.some(({ at }) => at.length === 0))
        return [...guards, `return ${table}.insert(${valuesOf(crud)}${id});`].join('\n')
      const insert = `${table}.insert(${valuesOf(crud)}${id})`
      return [...guards, ...(answersRow ? [`const ${one} = ${insert};`, give(one)] : [`${insert};`])].join(
        '\n',
      )
    }
    case 'read':
      return [
        `const ${one} = ${isByKey(crud) ? `${table}.find(${keyExpression(crud)}${where ? `, ${where}` : ''})` : findBy(crud)};`,
        `if (!${one}) ${missing()}`,
        give(one),
      ].join('\n')
    case 'update':
    case 'replace': {
      const found = names.take('found')
      // A body without the key of a row matches none.
      if (binding.row?.in === 'body' && !isRequired(crud))
        guards.push(`if (${keyExpression(crud)} === undefined) ${missing()}`)
      const before = isByKey(crud) ? [] : [`const ${found} = ${findBy(crud)};`, `if (!${found}) ${missing()}`]
      const id = isByKey(crud) ? keyExpression(crud) : `${found}${access(resource.id.name)}`
      const change = `${table}.update(${id}, ${valuesOf(crud)}${where ? `, ${where}` : ''})`
      return [
        ...guards,
        ...before,
        ...(answersRow
          ? [`const ${one} = ${change};`, `if (!${one}) ${refuse()}`, give(one)]
          : [`if (!${change}) ${refuse()}`]),
      ].join('\n')
    }
    case 'delete': {
      if (isByKey(crud) && !answersRow)
        return `if (!${table}.remove(${keyExpression(crud)}${where ? `, ${where}` : ''})) ${refuse()}`
      return [
        `const ${one} = ${isByKey(crud) ? `${table}.find(${keyExpression(crud)}${where ? `, ${where}` : ''})` : findBy(crud)};`,
        `if (!${one}) ${missing()}`,
        `${table}.remove(${one}${access(resource.id.name)});`,
        give(one),
      ]
        .filter(Boolean)
        .join('\n')
    }
  }
}
