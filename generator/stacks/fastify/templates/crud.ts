// Longer than most files: one handler for each CRUD action.
import { propertiesAt } from '../../../blueprint/lint/crud.ts'
import { commentText, literal, stringLiteral } from '../../../codegen/encode/typescript.ts'
import { makeImports, type Imports } from '../../../codegen/imports.ts'
import { camelCase, makeNamespace } from '../../../codegen/names.ts'
import { isByKey, type Crud } from '../crud.ts'
import { RESERVED_IDENTIFIERS, type NamedOperation } from '../custom-operations.ts'
import { canBeRefused } from '../delete-rules.ts'
import type { ProjectModel } from '../model.ts'

/** The default limit of a list. */
const MOST_ROWS = 1000
const PAGE = 20

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
  }
  // A property can have the same name; it is then preceded by a dot or followed by a colon.
  const parts = (['params', 'query', 'body'] as const).filter(
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
    ...((binding.row !== null && binding.action !== 'create') || parents.length > 0 ? [404] : []),
    ...(conflicts ? [409] : []),
    ...(references.length > 0 ? [422] : []),
  ]
}

function workOf(custom: NamedOperation, crud: Crud, imports: Imports): string {
  const { binding, resource, parents } = crud
  const names = makeNamespace([
    ...RESERVED_IDENTIFIERS,
    'params',
    'query',
    'body',
    'data',
    'pagination',
    'limit',
    'offset',
  ])
  const one = names.take(camelCase(resource.entity.name))
  const table = `repositories.${resource.key}`
  const missing = () =>
    `throw ${imports.value('../errors.ts', 'notFound')}(${stringLiteral(resource.label)});`
  const guards = [
    ...(binding.action === 'list' || binding.action === 'create'
      ? parents.map((parent) => {
          const target = `repositories.${parent.resource.key}.find(params${access(parent.param)})`
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
      const id = isByKey(crud) ? keyExpression(crud) : `${found}.${resource.id.name}`
      const change = `${table}.update(${id}, ${valuesOf(crud)}${where ? `, ${where}` : ''})`
      return [
        ...guards,
        ...before,
        ...(answersRow
          ? [`const ${one} = ${change};`, `if (!${one}) ${missing()}`, give(one)]
          : [`if (!${change}) ${missing()}`]),
      ].join('\n')
    }
    case 'delete': {
      if (isByKey(crud) && !answersRow)
        return `if (!${table}.remove(${keyExpression(crud)}${where ? `, ${where}` : ''})) ${missing()}`
      return [
        `const ${one} = ${isByKey(crud) ? `${table}.find(${keyExpression(crud)}${where ? `, ${where}` : ''})` : findBy(crud)};`,
        `if (!${one}) ${missing()}`,
        `${table}.remove(${one}.${resource.id.name});`,
        give(one),
      ]
        .filter(Boolean)
        .join('\n')
    }
  }
}

const IDENTIFIER = /^[a-zA-Z_$][a-zA-Z0-9_$]*$/
/** Property access for any name. */
export const access = (name: string): string =>
  IDENTIFIER.test(name) ? `.${name}` : `[${stringLiteral(name)}]`

const bodyOf = ({ binding }: Crud): string => `body${binding.bodyAt.map(access).join('')}`

const isRequired = ({ operation, binding }: Crud): boolean =>
  propertiesAt(operation.body, binding.bodyAt)?.find(({ name }) => name === binding.row?.name)?.required ===
  true

/** The key in the request, converted to the table's type. */
function keyExpression({ operation, binding, row }: Crud): string {
  if (binding.row === null) throw new Error('a row without a key')
  const { in: where, name, property } = binding.row
  const text =
    where === 'path' ? `params${access(name)}` : `body${[...binding.bodyAt, name].map(access).join('')}`
  const isNumber = row.find((one) => one.name === property)?.shape.kind === 'integer'
  const given = operation.params.find((one) => one.name === name)?.shape.kind
  // A non-number matches nothing.
  return isNumber && where === 'path' && given !== 'integer' ? `Number(${text})` : text
}

function scopeOf({ binding }: Crud): string {
  const conditions = binding.scope.map(({ param, property }) => `${property}: params${access(param)}`)
  return conditions.length > 0 ? `{ ${conditions.join(', ')} }` : ''
}

function findBy(crud: Crud): string {
  const { binding, resource } = crud
  const conditions = [
    `${binding.row?.property}: ${keyExpression(crud)}`,
    ...binding.scope.map(({ param, property }) => `${property}: params${access(param)}`),
  ]
  return `repositories.${resource.key}.findBy({ ${conditions.join(', ')} })`
}

function referenceGuards(crud: Crud, imports: Imports): string[] {
  const body = bodyOf(crud)
  return crud.references.map(({ property, resource }) => {
    const value = `${body}${access(property.name)}`
    const kept = crud.kept.find((one) => one.property === property)
    const isGiven = [
      ...(kept?.isOptional ? [`${value} !== undefined`] : []),
      ...(kept?.mayBeNull ? [`${value} !== null`] : []),
    ]
    const test = [...isGiven, `!repositories.${resource.key}.find(${value})`].join(' && ')
    return `if (${test}) {
      throw ${imports.value('../errors.ts', 'unknownReference')}('${property.name}', ${stringLiteral(resource.label)});
    }`
  })
}

/** The values of a row: those of the body, and defaults for missing ones. */
function valuesOf(crud: Crud): string {
  const { binding, kept, holdsMore, row, resource } = crud
  const body = bodyOf(crud)
  const isNew = binding.action === 'create'
  const fallback = (name: string) => resource.entity.fields.find((field) => field.name === name)?.default
  const completed = kept.flatMap(({ property, isOptional, mayBeNull }) => {
    const { name, shape, isAlwaysThere, hasDefault } = property
    const value = `${body}${access(name)}`
    if (binding.action === 'update') return []
    if (hasDefault) return isOptional ? [`${name}: ${value} ?? ${literal(fallback(name) ?? null)}`] : []
    if (isAlwaysThere) return isOptional && shape.nullable ? [`${name}: ${value} ?? null`] : []
    if (isNew) return mayBeNull ? [`${name}: ${value} ?? undefined`] : []
    return isOptional ? [`${name}: ${value} ?? null`] : []
  })
  const scoped = binding.scope.map(({ param, property }) => `${property}: params${access(param)}`)
  const taken = new Set([
    ...kept.map(({ property }) => property.name),
    ...binding.scope.map(({ property }) => property),
  ])
  const absent = isNew
    ? row
        .filter(({ name, isAutomatic, isAlwaysThere }) => !isAutomatic && isAlwaysThere && !taken.has(name))
        .map(({ name, hasDefault }) => `${name}: ${hasDefault ? literal(fallback(name) ?? null) : 'null'}`)
    : []
  const isCompleted = (name: string) => completed.some((line) => line.startsWith(`${name}: `))
  const plain = holdsMore
    ? kept
        .filter(({ property }) => !isCompleted(property.name))
        .map(({ property }) => `${property.name}: ${body}${access(property.name)}`)
    : kept.length > 0
      ? [`...${body}`]
      : []
  const all = [...plain, ...completed, ...absent, ...(isNew ? scoped : [])]
  return all.length === 1 && all[0] === `...${body}` ? body : `{ ${all.join(', ')} }`
}

function listWork(custom: NamedOperation, crud: Crud): string[] {
  const { binding, resource } = crud
  const { query } = custom.operation
  const value = (means: 'limit' | 'offset' | 'page', otherwise: number) => {
    const name = binding.query.find((one) => one.means === means)?.name
    const given = query.find((one) => one.name === name)
    if (!name || !given) return undefined
    const isThere = given.required || given.default !== undefined
    const text = `query${access(name)}${isThere ? '' : ` ?? ${otherwise}`}`
    return {
      text,
      min: 'min' in given.shape ? given.shape.min : undefined,
      max: 'max' in given.shape ? given.shape.max : undefined,
    }
  }
  const limit = value('limit', PAGE)
  const offset = value('offset', 0)
  const page = value('page', 1)
  const needs = (...holds: string[]) => binding.answer.some((one) => holds.includes(one.holds))
  const least = (text: string, low: number, min: number | undefined) =>
    min !== undefined && min >= low ? text : `Math.max(${text}, ${low})`
  const lines: string[] = []
  const request: string[] = []
  /** A constant if the response also uses it, or if it is computed. */
  const take = (name: 'limit' | 'offset', text: string, isSaid: boolean) => {
    const isPlain = /^\d+$/.test(text) && !isSaid
    if (!isPlain) lines.push(`const ${name} = ${text};`)
    request.push(isPlain ? `${name}: ${text}` : name)
  }
  const bounded = limit && least(limit.text, 0, limit.min)
  if (bounded !== undefined) {
    const isSmall = limit?.max !== undefined && limit.max <= MOST_ROWS
    take('limit', isSmall ? bounded : `Math.min(${bounded}, ${MOST_ROWS})`, true)
  } else {
    if (!page) lines.push('// Nobody can ask for a second page, so the first one is a large one.')
    take('limit', String(page ? PAGE : MOST_ROWS), needs('limit', 'pages') || page !== undefined)
  }
  const start = page ? `(${least(page.text, 1, page.min)} - 1) * limit` : '0'
  take('offset', offset ? least(offset.text, 0, offset.min) : start, needs('offset', 'more'))
  const where = [
    ...binding.scope.map(({ param, property }) => `${property}: params${access(param)}`),
    ...binding.query.flatMap((one) =>
      one.means === 'equals' ? [`${one.property}: query${access(one.name)}`] : [],
    ),
  ]
  if (where.length > 0) request.push(`where: { ${where.join(', ')} }`)
  const parts = ['data', ...(needs('total', 'pages', 'more') ? ['pagination'] : [])]
  lines.push(`const { ${parts.join(', ')} } = repositories.${resource.key}.page({ ${request.join(', ')} });`)
  const pageText = page ? least(page.text, 1, page.min) : '1'
  lines.push(
    `return ${answerOf(custom, {
      rows: 'data',
      total: 'pagination.total',
      count: 'data.length',
      limit: 'limit',
      offset: 'offset',
      page: pageText,
      pages: 'Math.ceil(pagination.total / Math.max(limit, 1))',
      more: 'offset + data.length < pagination.total',
    })};`,
  )
  return lines
}

/** The complete response. */
function answerOf(custom: NamedOperation, values: Readonly<Record<string, string>>): string {
  const answer = custom.crud?.binding.answer ?? []
  const at = (path: readonly string[]): string => {
    const place = answer.find(
      (one) => one.at.length === path.length && path.every((part, index) => one.at[index] === part),
    )
    if (place) return values[place.holds] ?? 'null'
    const names = new Set(
      answer
        .filter((one) => one.at.length > path.length && path.every((part, index) => one.at[index] === part))
        .map((one) => one.at[path.length]!),
    )
    const property = (name: string) => {
      const value = at([...path, name])
      return value === name ? name : `${stringLiteral(name)}: ${value}`
    }
    return `{ ${[...names].map(property).join(', ')} }`
  }
  return at([])
}
