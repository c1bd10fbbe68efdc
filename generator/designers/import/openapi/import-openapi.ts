// Longer than most files: from the parts of a document to the whole Blueprint.
import type { Blueprint, CustomOperation, Entity, Shape } from '#contract'
import { rowProperties } from '../../../blueprint/lint/row-properties.ts'
import { lintBlueprint } from '../../../blueprint/lint-blueprint.ts'
import { toKebab } from '../../../blueprint/words.ts'
import { DOCUMENT_LIMITS, type DocumentLimits } from '../document-limits.ts'
import type { ImportResult, ImportOptions } from '../import-result.ts'
import { SpecError } from '../spec-error.ts'
import { dropAccountViews } from './account-views.ts'
import { answerRows } from './answer-rows.ts'
import { bindOperation, toOperation } from './bind.ts'
import { chooseAuth, isBuiltIn, withAuth } from './choose-auth.ts'
import { documentCoverage } from './document-coverage.ts'
import { placeExamples } from './examples.ts'
import { hideSecrets } from './hide-secrets.ts'
import { inferEntities } from './infer-entities.ts'
import type { ReadOperation } from './operation.ts'
import type { Node, OpenApiDocument } from './document.ts'
import { placeInDocument } from './place-in-document.ts'
import { readDocument } from './read-document.ts'
import { giveOwners } from './own-rows.ts'
import { readErrorFormat } from './read-errors.ts'
import { readOperations } from './read-operations.ts'
import { sayUnsent } from './response-headers.ts'
import { makeResolve, nodeOf, textOf } from './resolve.ts'
import { makeToShape } from './to-shape.ts'

/** The maximum of a Blueprint, including the account entity. */
const MAX_ENTITIES = 119

/** The Blueprint of an OpenAPI document. Throws a `SpecError` with line, column and reason. */
export async function importOpenApi(
  text: string,
  wish: ImportOptions,
  limits: DocumentLimits = DOCUMENT_LIMITS,
): Promise<ImportResult> {
  return importDocument(await readDocument(text), wish, limits)
}

/** The exact routes and schemas of a document, the entities behind them, and the custom operations. */
export function importDocument(
  document: OpenApiDocument,
  wish: ImportOptions,
  { maxOperations }: DocumentLimits = DOCUMENT_LIMITS,
): ImportResult {
  const { root } = document
  const resolve = makeResolve(document)
  const notes = new Set<string>(document.notes)
  const missing = new Set<string>()
  const toShape = makeToShape({ resolve, notes })
  const stated = readOperations({ document, resolve, toShape, notes, missing }, maxOperations)
  const answered = distinctIds(answerRows(stated, { resolve, toShape, notes }))
  const read = withAuth(withUsualInvalid(answered), wish, notes)
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
  const errors = readErrorFormat(document, { resolve, notes })
  const { auth, account, signIn } = chooseAuth(read, inferred.entities, { root, resolve, wish, notes })
  dropAccountViews(inferred, signIn ? account : undefined, notes)
  const blueprint: Blueprint = {
    version: 1,
    name: nameOf(wish.name ?? title),
    title,
    description: (textOf(info['description']) ?? '').slice(0, 2000),
    auth,
    entities: [...inferred.entities, ...(account ? [account] : [])],
    manyToMany: [],
    operations: [],
    config: [],
    seeds: [],
    schedules: [],
    services: [],
    ...(errors !== undefined && { errors }),
  }
  if (inferred.entities.length === 0)
    notes.add(
      'The document describes no stored data (none of its paths lists, creates or reads a resource): the project has no tables, and all operations are custom.',
    )
  const own = read.filter((one) => {
    if (!isBuiltIn(auth, one)) return true
    notes.add(`${one.method} ${one.path} is replaced by the built-in authentication.`)
    return false
  })
  const beyondRows: Record<string, string> = {}
  const owned = giveOwners(inferred, blueprint, notes)
  for (const stated of own) {
    const binding = signIn?.bindings.get(stated.id)
    if (binding !== undefined) {
      const { headers = [], ...success } = stated.success
      const route = `${stated.method} ${stated.documentPath} responds with ${success.status}`
      sayUnsent(
        headers.map(({ name }) => name),
        route,
        notes,
      )
      const plain = { ...stated, success: success as typeof stated.success, others: [], cookies: [] }
      blueprint.operations.push({ ...toOperation(plain, undefined), signIn: binding })
      continue
    }
    const one = hideSecrets(stated, inferred.entities)
    const { operation, reason, unsent = [] } = bindOperation(one, inferred, { blueprint, resolve, owned })
    blueprint.operations.push(operation)
    const route = `${one.method} ${one.documentPath}`
    sayUnsent(unsent, `${route} responds with ${operation.responses.success.status}`, notes)
    if (reason === undefined && operation.implementation)
      for (const { name } of one.cookies) notes.add(`The cookie ${name} of ${route} is accepted and ignored.`)
    if (reason !== undefined) {
      beyondRows[operation.id] = reason
      notes.add(`${route} is not plain CRUD, so it is a custom operation: ${reason}.`)
    } else idleQuery(operation).forEach((name) => notes.add(`${name} of ${route} is accepted and ignored.`))
  }
  for (const operation of blueprint.operations) {
    shareRows(operation, blueprint)
    placeExamples(operation, own.find(({ id }) => id === operation.id)?.pairs ?? [], blueprint, notes)
  }
  sayMore(root, notes, { account: signIn ? undefined : account, hasErrors: errors !== undefined })
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
    beyondRows,
    document: documentCoverage({ root, resolve, blueprint: whole, notes, missing }),
  }
}

/** Operations that declare no status of invalid input have that of all others, if those agree. */
function withUsualInvalid(read: readonly ReadOperation[]): ReadOperation[] {
  const declared = new Set(read.flatMap(({ invalid }) => invalid ?? []))
  const [usual] = declared.size === 1 ? declared : []
  return read.map((operation) => ({ ...operation, invalid: operation.invalid ?? usual }))
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

function sayMore(
  root: Node,
  notes: Set<string>,
  { account, hasErrors }: { readonly account: Entity | undefined; readonly hasErrors: boolean },
): void {
  if (!hasErrors) notes.add('The document states no form of errors: they have that of generated services.')
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
