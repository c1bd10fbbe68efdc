// Longer than most files: from the parts of a document to the whole Blueprint.
import { Auth, type Blueprint, type CustomOperation, type Entity, type Shape } from '#contract'
import { rowProperties } from '../../../blueprint/lint/row-properties.ts'
import { lintBlueprint } from '../../../blueprint/lint-blueprint.ts'
import { toKebab } from '../../../blueprint/words.ts'
import { accountFor } from '../account.ts'
import type { ImportResult, ImportOptions } from '../import-result.ts'
import { SpecError } from '../spec-error.ts'
import { answerRows } from './answer-rows.ts'
import { bindOperation } from './bind.ts'
import { documentCoverage } from './document-coverage.ts'
import { placeExamples } from './examples.ts'
import { hideSecrets } from './hide-secrets.ts'
import { inferEntities } from './infer-entities.ts'
import type { ReadOperation } from './operation.ts'
import type { Node, OpenApiDocument } from './document.ts'
import { placeInDocument } from './place-in-document.ts'
import { readDocument } from './read-document.ts'
import { readOperations } from './read-operations.ts'
import { makeResolve, nodeOf, textOf, type Resolve } from './resolve.ts'
import { makeToShape } from './to-shape.ts'

/** The maximum of a Blueprint, including the account entity. */
const MAX_ENTITIES = 119

/** The Blueprint of an OpenAPI document. Throws a `SpecError` with line, column and reason. */
export async function importOpenApi(text: string, wish: ImportOptions): Promise<ImportResult> {
  return importDocument(await readDocument(text), wish)
}

/** The exact routes and schemas of a document, the entities behind them, and the custom operations. */
export function importDocument(document: OpenApiDocument, wish: ImportOptions): ImportResult {
  const { root } = document
  const resolve = makeResolve(document)
  const notes = new Set<string>(document.notes)
  const missing = new Set<string>()
  const toShape = makeToShape({ resolve, notes })
  const stated = readOperations({ document, resolve, toShape, notes, missing })
  const read = withAuth(distinctIds(answerRows(stated, { resolve, toShape, notes })), wish, notes)
  if (read.length === 0) {
    throw new SpecError('It has no operations.', {
      place: document.placeOf(['paths']),
      hint: 'Add at least one path with a method.',
    })
  }
  const info = nodeOf(root['info'])
  const title = (textOf(info['title']) ?? 'API').replace(/\s+/g, ' ').slice(0, 200)
  const inferred = inferEntities(read, { resolve, toShape, notes })
  if (inferred.entities.length > MAX_ENTITIES) {
    throw new SpecError(
      `It describes ${inferred.entities.length} entities, and at most ${MAX_ENTITIES} are supported.`,
      { code: 'spec_unsupported', hint: 'Split it into several documents, one for each service.' },
    )
  }
  const isGuarded = read.some((one) => one.isGuarded)
  const key = isGuarded ? keyOf(read, { root, resolve, wish, notes }) : undefined
  const account = isGuarded && !key ? accountFor(inferred.entities) : undefined
  const blueprint: Blueprint = {
    version: 1,
    name: nameOf(wish.name ?? title),
    title,
    description: (textOf(info['description']) ?? '').slice(0, 2000),
    auth: account ? { kind: 'jwt', account: account.name } : (key ?? { kind: 'none' }),
    entities: [...inferred.entities, ...(account ? [account] : [])],
    manyToMany: [],
    operations: [],
    config: [],
    seeds: [],
    schedules: [],
    services: [],
  }
  if (inferred.entities.length === 0)
    notes.add(
      'The document describes no stored data (none of its paths lists, creates or reads a resource): the project has no tables, and all operations are custom.',
    )
  const taken = account
    ? new Set(['POST /auth/register', 'POST /auth/login', 'GET /auth/me'])
    : new Set<string>()
  const own = read.filter(({ method, path }) => {
    if (!taken.has(`${method} ${path}`)) return true
    notes.add(`${method} ${path} is replaced by the built-in authentication.`)
    return false
  })
  for (const stated of own) {
    const one = hideSecrets(stated, inferred.entities)
    const { operation, reason } = bindOperation(one, inferred, { blueprint, resolve })
    blueprint.operations.push(operation)
    const route = `${one.method} ${one.documentPath}`
    if (reason !== undefined) notes.add(`${route} is not plain CRUD, so it is a custom operation: ${reason}.`)
    else idleQuery(operation).forEach((name) => notes.add(`${name} of ${route} is accepted and ignored.`))
  }
  for (const operation of blueprint.operations) {
    shareRows(operation, blueprint)
    placeExamples(operation, own.find(({ id }) => id === operation.id)?.pairs ?? [], blueprint, notes)
  }
  sayMore(root, notes, account)
  const whole = sound(blueprint, missing)
  if (whole.operations.length === 0) {
    throw new SpecError(
      `None of its operations can be built: ${[...missing][0] ?? 'the service has them itself'}`,
      {
        place: document.placeOf(['paths']),
        hint: 'Correct the paths and their parameters.',
      },
    )
  }
  return {
    blueprint: whole,
    assumptions: [...notes],
    notUnderstood: [...missing],
    placeOf: placeInDocument(document, read, inferred),
    document: documentCoverage({ root, resolve, blueprint: whole, notes, missing }),
  }
}

/** The request's choice overrides the document's. */
function withAuth(read: ReadOperation[], { auth }: ImportOptions, notes: Set<string>): ReadOperation[] {
  const guarded = read.some(({ isGuarded }) => isGuarded)
  if (auth === undefined || (auth !== 'none') === guarded) return read
  notes.add(
    auth === 'none'
      ? 'The document requires authentication: it was turned off, as requested.'
      : `The document requires no authentication: every operation needs ${auth === 'jwt' ? 'a token' : 'a key'}, as requested.`,
  )
  return read.map((operation) => ({ ...operation, isGuarded: auth !== 'none' }))
}

type KeyAuth = Extract<Blueprint['auth'], { kind: 'apiKey' }>

/**
 * API keys, if the document has no other authentication or the request asks for keys.
 * A key in `Authorization` is what documents call a token.
 */
function keyOf(
  read: readonly ReadOperation[],
  { root, resolve, wish, notes }: { root: Node; resolve: Resolve; wish: ImportOptions; notes: Set<string> },
): KeyAuth | undefined {
  const known = nodeOf(nodeOf(root['components'])['securitySchemes'])
  const schemes = [...new Set(read.flatMap((one) => one.schemes))].map((name) => resolve(known[name]).node)
  const keys = schemes.filter(
    (scheme) => scheme['type'] === 'apiKey' && !/^authorization$/i.test(String(scheme['name'])),
  )
  if (wish.auth === 'jwt' || (wish.auth !== 'apiKey' && (keys.length === 0 || keys.length < schemes.length)))
    return undefined
  const inHeader = keys.find((scheme) => scheme['in'] === 'header')
  const header = textOf(inHeader?.['name'])
  const auth = Auth.safeParse({ kind: 'apiKey', header })
  const stated = auth.success ? (auth.data as KeyAuth) : { kind: 'apiKey' as const }
  // The linter replaces reserved headers.
  const said = stated.header ?? 'X-API-Key'
  const others = keys.filter((scheme) => scheme !== inHeader || stated.header === undefined)
  for (const scheme of others)
    notes.add(
      `The ${String(scheme['in'])} ${String(scheme['name'])} is not used: the key is in the header ${said}.`,
    )
  notes.add(`Callers authenticate with a key in the header ${said}; npm run key creates one.`)
  return header === undefined ? { kind: 'apiKey' } : stated
}

/** Numbers duplicate operation ids; the document's own ids stay in the generated document. */
function distinctIds(read: readonly ReadOperation[]): ReadOperation[] {
  const taken = new Set<string>()
  return read.map((operation) => {
    let { id } = operation
    for (let number = 2; taken.has(id.toLowerCase()); number++) id = `${operation.id.slice(0, 56)}${number}`
    taken.add(id.toLowerCase())
    return { ...operation, id }
  })
}

const nameOf = (text: string): string => (toKebab(text) ?? 'api').slice(0, 60).replace(/-+$/, '') || 'api'

function idleQuery({ implementation, query }: CustomOperation): string[] {
  if (implementation === undefined) return []
  return query
    .filter(({ name }) => !implementation.query.some((one) => one.name === name))
    .map(({ name }) => name)
}

/** Marks responses that are whole rows, so that the document defines them once. */
function shareRows(operation: CustomOperation, blueprint: Blueprint): void {
  const { implementation, responses } = operation
  const entity = blueprint.entities.find(({ name }) => name === implementation?.entity)
  if (!entity || responses.success.kind !== 'json') return
  const row = rowProperties(entity, blueprint)
  const isRow = (shape: Shape): boolean =>
    shape.kind === 'object' &&
    shape.properties.length === row.length &&
    shape.properties.every(({ name, shape: own, required, description }) => {
      const property = row.find((one) => one.name === name)
      return (
        property !== undefined &&
        // The document may mark properties as optional that are always present.
        (property.isAlwaysThere || !required) &&
        own.kind === property.shape.kind &&
        (own.nullable || !property.shape.nullable) &&
        (description === undefined || !property.isAutomatic)
      )
    })
  const shared = (shape: Shape): Shape => {
    if (isRow(shape)) return { kind: 'entity', entity: entity.name, nullable: shape.nullable }
    if (shape.kind === 'array') return { ...shape, items: shared(shape.items) }
    if (shape.kind !== 'object') return shape
    return { ...shape, properties: shape.properties.map((one) => ({ ...one, shape: shared(one.shape) })) }
  }
  responses.success.shape = shared(responses.success.shape)
}

function sayMore(root: Node, notes: Set<string>, account: Entity | undefined): void {
  const base = Object.values(root['servers'] ?? []).flatMap((server) => {
    const url = textOf(nodeOf(server)['url'])
    const path =
      url && URL.canParse(url, 'http://localhost') ? new URL(url, 'http://localhost').pathname : '/'
    return path === '/' || path.includes('%7B') ? [] : [path.replace(/\/$/, '')]
  })[0]
  if (base)
    notes.add(
      `The routes are served without the base path ${base} of the document's server: a proxy can add it.`,
    )
  notes.add(
    'Errors have the format of generated services, and unknown properties of bodies and queries are rejected.',
  )
  if (!account) return
  const kinds = Object.values(nodeOf(nodeOf(root['components'])['securitySchemes'])).map((scheme) =>
    [nodeOf(scheme)['type'], nodeOf(scheme)['scheme']].filter(Boolean).join(' '),
  )
  notes.add(
    `The document requires ${[...new Set(kinds)].join(' or ') || 'authentication'}: accounts register and sign in at /auth, and send a bearer token.`,
  )
}

/** An operation with lint errors becomes a custom operation, or is dropped: it never fails the others. */
function sound(blueprint: Blueprint, missing: Set<string>): Blueprint {
  const faults = new Map(
    lintBlueprint(blueprint).diagnostics.flatMap(({ severity, path, what }) =>
      severity === 'error' && path.startsWith('operations.') ? [[path.split('.')[1]!, what] as const] : [],
    ),
  )
  if (faults.size === 0) return blueprint
  const operations = blueprint.operations.flatMap((operation) => {
    const fault = faults.get(operation.id)
    if (fault === undefined) return [operation]
    const { implementation, ...rest } = operation
    if (implementation !== undefined) return [rest]
    missing.add(`${operation.method} ${operation.path}: ${fault}`)
    return []
  })
  return sound({ ...blueprint, operations }, missing)
}
