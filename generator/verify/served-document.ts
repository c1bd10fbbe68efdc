import type { Validator } from '@seriousme/openapi-schema-validator'
import { oneLine } from './outcome.ts'
import { MAX_DOCUMENT } from './runner-messages.ts'

/** The OpenAPI document that a project serves. */
export type ServedDocument = {
  /** As the document gives it; empty where it gives none. */
  readonly version: string
  readonly operations: number
  /** What keeps it from being a document of OpenAPI 3.1, as the end of a sentence about it. */
  readonly problem: string | null
}

type Item = Record<string, unknown>

const METHODS = new Set(['get', 'put', 'post', 'delete', 'patch', 'head', 'options', 'trace'])

let validator: Promise<Validator> | null = null

/** Loaded on first use: it takes a tenth of a second. */
function prepareValidator(): Promise<Validator> {
  return (validator ??= import('@seriousme/openapi-schema-validator').then(async ({ Validator }) => {
    const made = new Validator()
    // Its schema is compiled at its first use.
    await made.validate({ openapi: '3.1.0' })
    return made
  }))
}

/**
 * Judges what the project answered by OpenAPI's own schema, by where its references lead, and by what a schema cannot
 * say: every operation has a name of its own, and every `{name}` of a path is a parameter. It comes from a sandbox, so
 * it can be anything; its size is the runner's to bound.
 */
export async function readServedDocument(answer: {
  readonly status: number
  readonly body: string
  readonly problem?: string | undefined
}): Promise<ServedDocument> {
  const none = { version: '', operations: 0 }
  if (answer.status !== 200)
    return { ...none, problem: answer.problem ?? `is answered with ${answer.status}` }
  if (answer.body.length >= MAX_DOCUMENT)
    return {
      ...none,
      problem: `is longer than ${MAX_DOCUMENT / 1e6} million characters, the most that is judged`,
    }
  let document: unknown
  try {
    document = JSON.parse(answer.body)
  } catch (error) {
    return { ...none, problem: `is not JSON: ${error instanceof Error ? error.message : String(error)}` }
  }
  if (!isItem(document)) return { ...none, problem: 'is not an object' }
  const version = typeof document['openapi'] === 'string' ? document['openapi'] : ''
  const found = operationsOf(document)
  const known = { version, operations: found.length }
  if (!/^3\.1\.\d+$/.test(version))
    return { ...known, problem: `says OpenAPI "${oneLine(version, 20)}"; expected 3.1` }
  if (found.length === 0) return { ...known, problem: 'has no operation' }
  return { ...known, problem: (await schemaProblem(document)) ?? operationProblem(found) }
}

async function schemaProblem(document: Item): Promise<string | null> {
  const validator = await prepareValidator()
  try {
    // It mutates its input.
    const result = await validator.validate(structuredClone(document))
    if (result.valid) return null
    const { errors } = result
    const [first] = Array.isArray(errors) ? errors : [{ instancePath: '', message: errors }]
    return `is not valid at ${first?.instancePath || 'its root'}: ${first?.message ?? 'no reason given'}`
  } catch (error) {
    return `cannot be read: ${error instanceof Error ? error.message : String(error)}`
  }
}

type Operation = {
  readonly name: string
  readonly path: string
  readonly item: Item
  readonly shared: unknown
}

function operationsOf(document: Item): Operation[] {
  return entriesOf(document['paths']).flatMap(([path, methods]) =>
    entriesOf(methods)
      .filter(([method]) => METHODS.has(method))
      .map(([method, item]) => ({
        name: `${method.toUpperCase()} ${path}`,
        path,
        item: isItem(item) ? item : {},
        shared: isItem(methods) ? methods['parameters'] : [],
      })),
  )
}

function operationProblem(operations: readonly Operation[]): string | null {
  const ids = new Map<unknown, string>()
  for (const { name, path, item, shared } of operations) {
    const id = item['operationId']
    const earlier = ids.get(id)
    if (id !== undefined && earlier !== undefined)
      return `calls both ${earlier} and ${name} ${JSON.stringify(id)}`
    ids.set(id, name)
    const parameters = [shared, item['parameters']].flatMap((list) => (Array.isArray(list) ? list : []))
    const described = new Set(
      parameters.flatMap((one: unknown) => (isItem(one) && one['in'] === 'path' ? [one['name']] : [])),
    )
    const refers = parameters.some((one: unknown) => isItem(one) && '$ref' in one)
    const missing = [...path.matchAll(/\{([^{}]+)\}/g)].find(([, part]) => !described.has(part))
    if (missing !== undefined && !refers) return `does not describe ${missing[0]} of ${name}`
  }
  return null
}

const isItem = (value: unknown): value is Item => typeof value === 'object' && value !== null
const entriesOf = (value: unknown): [string, unknown][] => (isItem(value) ? Object.entries(value) : [])
