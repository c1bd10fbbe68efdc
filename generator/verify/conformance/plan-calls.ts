import type { Blueprint, DocumentPart, Json } from '#contract'
import { registration, securityOf, type Held } from './credentials.ts'
import { listOf, makeDeref, nodeOf, operationsOf, type DocumentOperation, type Node } from './document.ts'
import {
  answerSchema,
  bodySchema,
  keyNames,
  nounOfPath,
  paramsOf,
  passwordIn,
  placeOfName,
  plainName,
  shapeOfPath,
  tokenIn,
} from './find-sources.ts'
import { orderOperations } from './order-operations.ts'
import {
  MAX_CALL,
  MAX_CALLS,
  type Call,
  type ConformancePlan,
  type Purpose,
  type Reference,
  type Source,
  type Value,
} from './plan.ts'
import { bodyFor, parametersFor } from './request-parts.ts'
import { merged, type SampleContext } from './sample-schema.ts'

/**
 * The requests that call every operation of a document, made from its examples and schemas. Equal documents give equal
 * plans. `document` was checked before.
 */
export function planCalls({
  document,
  blueprint,
  notes = [],
}: {
  readonly document: Node
  readonly blueprint: Blueprint
  readonly notes?: readonly DocumentPart[]
}): ConformancePlan {
  const deref = makeDeref(document)
  const all = operationsOf(document, deref)
  const creators = new Map<string, DocumentOperation[]>()
  for (const one of all)
    if (one.method === 'POST' && !one.path.endsWith('}'))
      creators.set(nounOfPath(one.path), [...(creators.get(nounOfPath(one.path)) ?? []), one])

  const nounOf = (property: string): string | undefined => {
    const name = plainName(property).replace(/ids?$/, '')
    return name !== plainName(property) && creators.has(name) ? name : undefined
  }
  const nounsIn = (operation: DocumentOperation): string[] => {
    const found: string[] = []
    const refer = (property: string) => {
      const noun = nounOf(property)
      if (noun !== undefined) found.push(noun)
      return null
    }
    bodyFor(operation, { deref, refer })
    return found
  }
  const { operations, signUp, issuers } = orderOperations(all, deref, nounsIn)

  const prepare = registration(blueprint)
  const lasting = operations.filter(({ method }) => method !== 'DELETE')
  const indexOf = new Map(lasting.map((one, index) => [one, prepare.length + index]))
  const placed = (operation: DocumentOperation, place: Source['in'], at: Source['at'] | null): Source[] => {
    const call = indexOf.get(operation)
    return call === undefined || at === null ? [] : [{ call, in: place, at }]
  }
  /** Where the key of rows is answered by what creates or lists them, or was sent. */
  const keySources = (paths: readonly DocumentOperation[], names: readonly string[]): Source[] =>
    paths.flatMap((one) => {
      const inAnswer = names.flatMap((name) => {
        const at = placeOfName(answerSchema(one, deref), (own) => plainName(own) === name, deref)
        return placed(one, 'answer', at)
      })
      const sent = names.slice(0, 1).flatMap((name) => {
        const at = placeOfName(bodySchema(one, deref), (own) => plainName(own) === name, deref)
        return one.method === 'POST' ? placed(one, 'body', at) : []
      })
      return [...inAnswer.slice(0, 1), ...sent]
    })
  const pathSources = (path: string, name: string): Source[] => {
    const part = paramsOf(path).find((one) => one.name === name)
    const before = part?.before ?? ''
    const isHere = (one: DocumentOperation) => shapeOfPath(one.path) === shapeOfPath(before)
    const here = all.filter((one) => isHere(one) && one.method === 'POST')
    const listed = all.filter((one) => isHere(one) && one.method === 'GET')
    const noun = nounOfPath(before)
    const elsewhere = creators.get(plainName(name).replace(/(id|name|slug|key)$/, '')) ?? []
    const sources = keySources([...here, ...listed, ...elsewhere], keyNames(name, noun))
    if (sources.length > 0 || COMMON_NAMES.has(plainName(name))) return sources
    // `/writers/{penName}` is about accounts that `/members` creates, and `/member` changes.
    const changes = all.filter(
      ({ method, path: own }) => ['PUT', 'PATCH'].includes(method) && !own.includes('{'),
    )
    return keySources([...changes, ...[...creators.values()].flat()], [plainName(name)])
  }
  const contextFor = (operation: DocumentOperation): SampleContext => ({
    deref,
    refer(property, otherwise) {
      if (typeof otherwise !== 'string' && typeof otherwise !== 'number') return null
      const signIn = signUp && issuers.includes(operation) && operation !== signUp
      if (signIn) {
        const at = placeOfName(bodySchema(signUp, deref), (name) => name === property, deref)
        const same = placed(signUp, 'body', at)
        if (same.length > 0) return { $from: same, otherwise }
      }
      const noun = nounOf(property)
      const last = paramsOf(operation.path).at(-1)
      const isOwn =
        plainName(property) === 'id' &&
        last !== undefined &&
        plainName(last.name).endsWith('id') &&
        operation.method !== 'POST'
      const sources = isOwn
        ? pathSources(operation.path, last.name)
        : noun === undefined
          ? []
          : keySources(
              (creators.get(noun) ?? []).filter((one) => one !== operation),
              ['id', `${noun}id`, 'uuid'],
            )
      return sources.length > 0 ? { $from: sources, otherwise } : null
    },
  })

  const held = heldBy()
  function heldBy(): Held {
    const own = issuers.flatMap((one) => placed(one, 'answer', tokenIn(one, deref)))
    const opened = signUp ?? issuers[0]
    const sent = (isWanted: (name: string) => boolean): Source[] =>
      opened ? placed(opened, 'body', placeOfName(bodySchema(opened, deref), isWanted, deref)) : []
    const registered = (place: Source['in'], name: string): Source[] =>
      prepare.map((_, call) => ({ call, in: place, at: [name] }))
    return {
      token: { $from: [...own, ...registered('answer', 'token')], otherwise: '' },
      name: {
        $from: [...sent((name) => /user|name|login|e-?mail/i.test(name)), ...registered('body', 'email')],
        otherwise: 'sample',
      },
      password: {
        $from: [
          ...(opened ? placed(opened, 'body', passwordIn(opened, deref)) : []),
          ...registered('body', 'password'),
        ],
        otherwise: 'sample',
      },
    }
  }

  const uncalled: { operation: string; reason: string }[] = []
  const callFor = (operation: DocumentOperation, purpose: Purpose): Call | null => {
    const context = contextFor(operation)
    const body = bodyFor(operation, context)
    if (typeof body === 'string') {
      if (purpose === 'usual') uncalled.push({ operation: operation.name, reason: body })
      return null
    }
    const pathValue = (name: string, otherwise: Json): Value => {
      if (purpose === 'unknown') return unknownValue(otherwise) ?? otherwise
      return { $from: pathSources(operation.path, name), otherwise } satisfies Reference
    }
    const { credentials } = securityOf(operation, { root: document, deref, blueprint, held })
    return {
      purpose,
      operation: operation.name,
      method: operation.method,
      prefixes: operation.base === '' ? [''] : [operation.base, ''],
      path: operation.path,
      ...parametersFor(operation, { context, isFull: purpose === 'full', pathValue }),
      body: purpose === 'invalid' && body?.kind === 'json' ? { ...body, value: 'not an object' } : body,
      credentials: purpose === 'anonymous' ? [] : credentials,
    }
  }
  /** A request that cannot be made leaves its place, since others are found by their number. */
  const place = (operation: DocumentOperation) => {
    const call = callFor(operation, 'usual')
    if (call === null || JSON.stringify(call).length <= MAX_CALL) return call ?? emptyCall
    uncalled.push({ operation: operation.name, reason: 'its examples are too long' })
    return emptyCall
  }

  const further = (operation: DocumentOperation): Call[] =>
    furtherPurposes(operation)
      .flatMap((purpose) => callFor(operation, purpose) ?? [])
      .filter((call) => JSON.stringify(call).length <= MAX_CALL)
  function furtherPurposes(operation: DocumentOperation): Purpose[] {
    const { method, node, parameters } = operation
    const isListed = (...statuses: string[]) => statuses.some((status) => status in nodeOf(node['responses']))
    const { isRequired } = securityOf(operation, { root: document, deref, blueprint, held })
    const isOptional = (one: Node) => one['in'] === 'query' && one['required'] !== true
    const [media] = Object.values(nodeOf(deref(node['requestBody'])['content']))
    const schema = merged(deref(nodeOf(media)['schema']), deref)
    return [
      ...(method === 'GET' && parameters.some(isOptional) ? ['full' as const] : []),
      ...(isRequired && !issuers.includes(operation) && operation !== signUp ? ['anonymous' as const] : []),
      ...(method === 'GET' && paramsOf(operation.path).length > 0 && isListed('404', '4XX', 'default')
        ? ['unknown' as const]
        : []),
      ...(isListed('400', '422', '4XX') && listOf(schema['required']).length > 0 ? ['invalid' as const] : []),
    ]
  }

  // What was created last goes first, since it may refer to what was created before.
  const createdAt = ({ path }: DocumentOperation) =>
    lasting.findIndex(
      (one) => one.method === 'POST' && shapeOfPath(path).startsWith(`${shapeOfPath(one.path)}/`),
    )
  const deletes = operations
    .filter(({ method }) => method === 'DELETE')
    .toSorted((a, b) => depthOf(b) - depthOf(a) || createdAt(b) - createdAt(a))
  const main = [...prepare, ...lasting.map(place)]
  const last = deletes.map(place)
  const room = Math.max(0, MAX_CALLS - main.length - last.length)
  return {
    document,
    calls: [...main, ...operations.flatMap(further).slice(0, room), ...last],
    notes,
    uncalled,
  }

  function unknownValue(otherwise: Json): Json | null {
    if (typeof otherwise === 'number') return 987_654_321
    if (typeof otherwise !== 'string') return null
    return /^[0-9a-f]{8}-/i.test(otherwise) ? '00000000-0000-4000-8000-000000000000' : 'no-such-row'
  }
}

/** Properties of any row: that another row has one says nothing about a path. */
const COMMON_NAMES = new Set(['id', 'uuid', 'key', 'name', 'slug', 'code', 'type'])

const depthOf = ({ path }: DocumentOperation): number => paramsOf(path).length

const emptyCall: Call = {
  purpose: 'prepare',
  operation: '',
  method: '',
  prefixes: [],
  path: '',
  params: {},
  query: [],
  headers: {},
  cookies: {},
  body: null,
  credentials: [],
}
