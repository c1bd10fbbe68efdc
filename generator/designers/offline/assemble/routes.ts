import { Operation } from '#contract'
import type { Token } from '../text/tokens.ts'
import { readPhrase } from '../read/phrase.ts'
import type { FactOf, Phrase } from '../read/facts.ts'
import { addEntity, defaultPath, findEntity, reject, type Draft, type DraftEntity } from './draft.ts'
import { listed } from './sentences.ts'

/** Exact paths, and the offered operations. */
type Collection = { path: string; item: boolean; phrase: Phrase }

const PARAMETER = /^(:|\{|\*)/
const SYSTEM = new Set([
  'auth',
  'login',
  'logout',
  'register',
  'signup',
  'signin',
  'me',
  'health',
  'ready',
  'docs',
  'openapi.json',
  'api',
  'token',
  'refresh',
  'metrics',
])

/** The collection of a path: `/api/tasks/:id` → `/api/tasks`. Null for nested and system paths. */
export function collectionOf(fact: FactOf<'route'>): Collection | null {
  const segments = fact.path.split('/').filter((part) => part !== '')
  const item = segments.length > 1 && PARAMETER.test(segments.at(-1)!)
  const fixed = item ? segments.slice(0, -1) : segments
  const last = fixed.at(-1)
  if (
    last === undefined ||
    fixed.some((part) => PARAMETER.test(part) || !/^[a-zA-Z0-9][a-zA-Z0-9._~-]*$/.test(part))
  )
    return null
  if (
    SYSTEM.has(last.toLowerCase()) ||
    /^v\d+$/i.test(last) ||
    fixed.some((part) => SYSTEM.has(part.toLowerCase()) && part.toLowerCase() !== 'api')
  )
    return null
  const source = fact.tokens.at(-1)!
  const words = last.split(/[-_.~]/).filter((word) => word !== '')
  const tokens = words.map((word): Token =>
    Object.assign({}, source, { kind: 'word', text: word, lower: word.toLowerCase(), quoted: false }),
  )
  const phrase = readPhrase(tokens)
  return phrase === null ? null : { path: `/${fixed.join('/')}`.slice(0, 200), item, phrase }
}

const OF_METHOD: Record<string, (item: boolean) => Operation> = {
  get: (item) => (item ? 'read' : 'list'),
  post: () => 'create',
  put: () => 'update',
  patch: () => 'update',
  delete: () => 'delete',
}

export function applyRoutes(draft: Draft): void {
  const named = new Map<DraftEntity, Set<Operation>>()
  const all = draft.reading.facts.some((fact) => fact.kind === 'operations' && fact.all === true)
  const prefix = draft.reading.facts.find((fact) => fact.kind === 'prefix')?.path
  for (const fact of draft.reading.facts) {
    if (fact.kind !== 'route') continue
    const collection = collectionOf(fact)
    const entity = collection && (findEntity(draft, collection.phrase) ?? addEntity(draft, collection.phrase))
    if (!collection || !entity) {
      // Authentication, health and documents have fixed paths; other nested paths are not supported.
      if (!/^\/(auth\/(login|register|me)|health|ready|docs|openapi\.json)$/.test(fact.path))
        reject(draft, fact.tokens)
      continue
    }
    if (/^\/([a-zA-Z0-9][a-zA-Z0-9._~-]*\/?)+$/.test(collection.path)) entity.path ??= collection.path
    if (fact.method === null) continue
    if (fact.method === 'post' && collection.item) {
      reject(draft, fact.tokens)
      continue
    }
    const operations = named.get(entity) ?? named.set(entity, new Set()).get(entity)!
    operations.add(OF_METHOD[fact.method]!(collection.item))
  }
  for (const [entity, operations] of named) {
    if (all || operations.size === 0 || operations.size === Operation.options.length) continue
    entity.operations = Operation.options.filter((operation) => operations.has(operation))
    draft.assumptions.add(
      `Offered only ${listed(entity.operations)} for ${entity.label}, as listed in the prompt.`,
    )
  }
  applyOperations(draft)
  if (prefix === undefined || !/^(\/[a-zA-Z0-9][a-zA-Z0-9._~-]*)+$/.test(prefix)) return
  for (const entity of draft.entities.values())
    entity.path ??= `${prefix}${defaultPath(entity)}`.slice(0, 200)
}

/** `read-only`, `no delete`, `only list and create`. */
function applyOperations(draft: Draft): void {
  for (const fact of draft.reading.facts) {
    if (fact.kind !== 'operations' || (fact.only === undefined && fact.without === undefined)) continue
    const subject = findEntity(draft, fact.subject)
    const entities = subject === null ? [...draft.entities.values()] : [subject]
    for (const entity of entities) {
      if (fact.only !== undefined)
        entity.operations = Operation.options.filter((operation) => fact.only!.includes(operation))
      else entity.operations = entity.operations.filter((operation) => !fact.without!.includes(operation))
    }
  }
}
