import { isNode, jsonContent, listOf, nodeOf, type Deref, type DocumentOperation } from './document.ts'
import { merged } from './sample-schema.ts'

/** `pet_id`, `petId` and `PetID` are the same. */
export const plainName = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')

const MAX_VISITED = 300

type Place = readonly (string | number)[]

/** Found once for each schema: hundreds of operations ask for the same ones. */
const known = new WeakMap<object, ReadonlyMap<string, Place>>()

/** Where a JSON value of that schema has a name that is wanted, nearest to its root. */
export function placeOfName(
  schema: unknown,
  isWanted: (name: string) => boolean,
  deref: Deref,
): Place | null {
  if (!isNode(schema)) return null
  const places = known.get(schema) ?? placesIn(schema, deref)
  known.set(schema, places)
  for (const [name, place] of places) if (isWanted(name)) return place
  return null
}

/** The first place of each name, those of the root first: what stands in a list is taken from its first member. */
function placesIn(schema: unknown, deref: Deref): Map<string, Place> {
  const found = new Map<string, Place>()
  const queue: { schema: unknown; at: Place }[] = [{ schema, at: [] }]
  for (let index = 0; index < queue.length && index < MAX_VISITED; index++) {
    const { schema: given, at } = queue[index]!
    const node = merged(deref(given), deref)
    const properties = Object.entries(nodeOf(node['properties']))
    for (const [name] of properties) if (!found.has(name)) found.set(name, [...at, name])
    if (at.length >= 4) continue
    for (const branch of [...listOf(node['oneOf']), ...listOf(node['anyOf'])].slice(0, 3))
      queue.push({ schema: branch, at })
    if ('items' in node) queue.push({ schema: node['items'], at: [...at, 0] })
    for (const [name, part] of properties) queue.push({ schema: part, at: [...at, name] })
  }
  return found
}

/** The schema of the JSON that a success answers. */
export function answerSchema({ node }: DocumentOperation, deref: Deref): unknown {
  const responses = Object.entries(nodeOf(node['responses'])).filter(([status]) => status.startsWith('2'))
  for (const [, response] of responses) {
    const media = jsonContent(deref(response))
    if (media) return media.media['schema']
  }
  return undefined
}

export function bodySchema({ node }: DocumentOperation, deref: Deref): unknown {
  const content = nodeOf(deref(node['requestBody'])['content'])
  return nodeOf(Object.values(content)[0])['schema']
}

/** `/pets/{petId}/toys` → `['pets', '{}', 'toys']`: paths are compared without the names of their parameters. */
export const shapeOfPath = (path: string): string => path.replaceAll(/\{[^{}]*\}/g, '{}').replace(/\/$/, '')

/** `/v1/pets` → `pet`. */
export function nounOfPath(path: string): string {
  const last = plainName(path.split('/').findLast((part) => part !== '' && !part.startsWith('{')) ?? '')
  if (/(ss|us|is)$/.test(last)) return last
  if (last.endsWith('ies')) return `${last.slice(0, -3)}y`
  if (/(s|x|z|ch|sh)es$/.test(last)) return last.slice(0, -2)
  return last.replace(/s$/, '')
}

export type PathPart = { readonly name: string; readonly before: string }
/** The parameters of a path, each with the path before it. */
export const paramsOf = (path: string): PathPart[] =>
  [...path.matchAll(/\{([^{}]+)\}/g)].map((match) => ({
    name: match[1]!,
    before: path.slice(0, match.index).replace(/\/$/, ''),
  }))

/** Names under which a row answers the value of a path's parameter, in the order of likelihood. */
export function keyNames(param: string, noun: string): string[] {
  const own = plainName(param)
  return [...new Set([own, 'id', `${noun}id`, 'uuid', own.replace(noun, ''), 'slug', 'key', 'name'])].filter(
    Boolean,
  )
}

const PASSWORD = /^(password|passwd|pass(word|phrase|code)|pin|secret)$/i
const TOKEN = /^((access|auth|id|bearer|session)?[_-]?token|api[_-]?key|jwt|session([_-]?id)?)$/i

export const passwordIn = (operation: DocumentOperation, deref: Deref) =>
  placeOfName(bodySchema(operation, deref), (name) => PASSWORD.test(name), deref)
export const tokenIn = (operation: DocumentOperation, deref: Deref) =>
  placeOfName(answerSchema(operation, deref), (name) => TOKEN.test(name), deref)

/** Whether an operation opens an account, by its words. */
export function isSignUp({ method, path, node }: DocumentOperation): boolean {
  const said = `${path} ${String(node['operationId'])} ${String(node['summary'])}`
  return (
    method === 'POST' &&
    (/sign-?\s?up|regist|join|(create|new|open)s?\s*(an?\s*)?(user|account|member)/i.test(said) ||
      /\/(users|accounts|members|customers)\/?$/i.test(path))
  )
}
