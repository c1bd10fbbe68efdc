// Longer than most files: from the parts of a document to the whole Blueprint.
import { Auth, type Blueprint, type CustomOperation, type Entity, type Shape } from '#contract'
import { rowProperties } from '../../../blueprint/lint/crud.ts'
import { lintBlueprint } from '../../../blueprint/lint-blueprint.ts'
import { toKebab } from '../../../blueprint/words.ts'
import { accountFor } from '../account.ts'
import type { ImportResult, ImportOptions } from '../import-result.ts'
import { SpecError } from '../spec-error.ts'
import { bindOperation } from './bind.ts'
import { placeExamples } from './examples.ts'
import { inferEntities } from './infer-entities.ts'
import { readDocument, type Node } from './read-document.ts'
import { readOperations, type ReadOperation } from './read-operations.ts'
import { makeResolve, nodeOf, textOf, type Resolve } from './resolve.ts'
import { makeToShape } from './to-shape.ts'

/** As many as a Blueprint can hold, with the accounts that sign in. */
const MAX_ENTITIES = 119

/**
 * The Blueprint of an OpenAPI document: its exact routes and schemas, the rows that they are about, and what is left
 * to be written. Throws a `SpecError` with line, column and reason.
 */
export async function importOpenApi(text: string, wish: ImportOptions): Promise<ImportResult> {
  const document = await readDocument(text)
  const { root } = document
  const resolve = makeResolve(document)
  const notes = new Set<string>()
  const missing = new Set<string>()
  const toShape = makeToShape({ resolve, notes })
  const read = withAuth(
    distinctIds(readOperations({ document, resolve, toShape, notes, missing })),
    wish,
    notes,
  )
  if (read.length === 0) {
    throw new SpecError('It describes no operation.', {
      place: document.placeOf(['paths']),
      hint: 'Add at least one path with a method.',
    })
  }
  const info = nodeOf(root['info'])
  const title = (textOf(info['title']) ?? 'API').replace(/\s+/g, ' ').slice(0, 200)
  const inferred = inferEntities(read, { resolve, toShape, notes })
  if (inferred.entities.length > MAX_ENTITIES) {
    throw new SpecError(
      `It keeps rows of ${inferred.entities.length} kinds, and at most ${MAX_ENTITIES} are carried.`,
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
  if (blueprint.entities.length === 0) {
    throw new SpecError(
      'The document describes no stored data: none of its paths lists, creates or reads a resource.',
      {
        code: 'spec_unsupported',
        hint: 'Describe what the service stores as well, or leave the document out and say in words what it does.',
      },
    )
  }
  const taken = account
    ? new Set(['POST /auth/register', 'POST /auth/login', 'GET /auth/me'])
    : new Set<string>()
  const own = read.filter(({ method, path }) => {
    if (!taken.has(`${method} ${path}`)) return true
    notes.add(`${method} ${path} is the sign-in of the service itself, in its own form.`)
    return false
  })
  for (const one of own) {
    const { operation, reason } = bindOperation(one, inferred, { blueprint, resolve })
    blueprint.operations.push(operation)
    const route = `${one.method} ${one.documentPath}`
    if (reason !== undefined)
      notes.add(`${route} is no plain keeping of rows, so it is left to be written: ${reason}.`)
    else
      idleQuery(operation).forEach((name) =>
        notes.add(`${name} of ${route} is accepted and changes nothing.`),
      )
  }
  for (const operation of blueprint.operations) {
    shareRows(operation, blueprint)
    placeExamples(operation, own.find(({ id }) => id === operation.id)?.pairs ?? [], blueprint, notes)
  }
  sayMore(root, notes, account)
  const whole = sound(blueprint, missing)
  return { blueprint: whole, assumptions: [...notes], notUnderstood: [...missing] }
}

/** The person's own choice goes before the document's. */
function withAuth(read: ReadOperation[], { auth }: ImportOptions, notes: Set<string>): ReadOperation[] {
  const guarded = read.some(({ isGuarded }) => isGuarded)
  if (auth === undefined || (auth !== 'none') === guarded) return read
  notes.add(
    auth === 'none'
      ? 'The document asks for sign-in: no operation needs one, as it was asked for.'
      : `The document asks for no sign-in: every operation needs ${auth === 'jwt' ? 'one' : 'a key'}, as it was asked for.`,
  )
  return read.map((operation) => ({ ...operation, isGuarded: auth !== 'none' }))
}

type KeyAuth = Extract<Blueprint['auth'], { kind: 'apiKey' }>

/**
 * The key that programs send, where the document knows no other way to say who they are, or the person asks for keys.
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
  // The linter takes a header away that has a purpose of its own.
  const said = stated.header ?? 'X-API-Key'
  const others = keys.filter((scheme) => scheme !== inHeader || stated.header === undefined)
  for (const scheme of others)
    notes.add(
      `The ${String(scheme['in'])} ${String(scheme['name'])} is not read: the key is in the header ${said}.`,
    )
  notes.add(`Who calls is told by a key in the header ${said}; npm run key makes one.`)
  return header === undefined ? { kind: 'apiKey' } : stated
}

/** Two operations of one name get a number; the document's own names stay in the generated document. */
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

/** An answer that is a whole row says so, so that the document names it once. */
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
        // What is always there may be left out as far as the document is concerned.
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
    notes.add(`The routes are served without ${base} of the document's server: a proxy in front may add it.`)
  notes.add(
    'Errors have the one form of generated services, and bodies and queries refuse what the document does not name.',
  )
  if (!account) return
  const kinds = Object.values(nodeOf(nodeOf(root['components'])['securitySchemes'])).map((scheme) =>
    [nodeOf(scheme)['type'], nodeOf(scheme)['scheme']].filter(Boolean).join(' '),
  )
  notes.add(
    `The document asks for ${[...new Set(kinds)].join(' or ') || 'sign-in'}: accounts register and sign in at /auth, and send a bearer token.`,
  )
}

/** What the linter objects to is left to be written, or else left out: one operation never costs the others. */
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
