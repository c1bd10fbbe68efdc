import type { FastifySchemaCompiler } from 'fastify'
import { z } from 'zod'
import { RequestError } from './errors.ts'

type Issue = z.core.$ZodRawIssue
type Detail = { readonly path: string; readonly message: string }

const MAX_DETAILS = 10

/** Validates a part of a request with readable messages. A malformed job id is a 404. */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> =
  ({ schema, httpPart }) =>
  (data: unknown) => {
    const result = schema.safeParse(data, { error: (issue) => describeIssue(issue, httpPart ?? 'body') })
    if (result.success) return { value: result.data }
    if (httpPart === 'params')
      return { error: result.error.issues[0]?.path[0] === 'holder' ? holderNotFound() : jobNotFound() }
    return { error: invalidRequest(result.error.issues) }
  }

export const jobNotFound = () =>
  new RequestError(404, 'job_not_found', 'Job not found. Use a job ID returned by POST /generate-backend.')

const holderNotFound = () =>
  new RequestError(
    404,
    'holder_not_found',
    'Preferences belong to a channel, a workspace or a person, such as channel:slack:T1:C1, workspace:discord:123 or person:slack:T1:U1.',
  )

function invalidRequest(issues: readonly z.core.$ZodIssue[]): RequestError {
  const details = issues.flatMap(toDetails).slice(0, MAX_DETAILS)
  return new RequestError(400, 'invalid_request', summary(details), details)
}

function summary(details: readonly Detail[]): string {
  const sentences = details.slice(0, 3).map((detail) => detail.message)
  const more = details.length - sentences.length
  return sentences.join(' ') + (more > 0 ? ` (And ${more} more: see details.)` : '')
}

/** One detail per issue, or per key for unknown keys. */
function toDetails(issue: z.core.$ZodIssue): Detail[] {
  const path = toPath(issue.path)
  if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }]
  return issue.keys.slice(0, MAX_DETAILS).map((key) => ({
    path: path ? `${path}.${short(key)}` : short(key),
    message: `Unknown field ${short(key)}${issue.message}`,
  }))
}

/** A readable message for a zod issue. Messages set by a schema take precedence. */
function describeIssue(issue: Issue, part: string): string {
  const subject = toPath(issue.path ?? []) || `The ${part === 'querystring' ? 'query' : part}`
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined || (issue.input === null && !issue.path?.length)
        ? `${subject} is required and must be ${expected(issue.expected)}.`
        : `${subject} must be ${expected(issue.expected)}, not ${nameOf(issue.input)}.`
    case 'too_small':
      return issue.origin === 'string'
        ? `${subject} is empty.`
        : `${subject} must be at least ${thousands(issue.minimum)}.`
    case 'too_big':
      return issue.origin === 'string'
        ? `${subject} has ${thousands(lengthOf(issue.input))} characters, but the limit is ${thousands(issue.maximum)}.`
        : `${subject} must be at most ${thousands(issue.maximum)}.`
    case 'invalid_value':
      return `${subject} must be ${issue.values.map((value: unknown) => JSON.stringify(value)).join(' or ')}.`
    case 'unrecognized_keys':
      return `; expected ${knownKeys(issue.inst)}.`
    case 'invalid_union': {
      const kinds = 'options' in issue && Array.isArray(issue.options) ? issue.options : []
      return kinds.length > 0
        ? `${subject} must be ${kinds.map((kind) => JSON.stringify(kind)).join(' or ')}.`
        : `${subject} has an unknown form.`
    }
    default:
      return `${subject} has an invalid format.`
  }
}

function expected(type: string): string {
  switch (type) {
    case 'string':
      return 'text'
    case 'object':
      return 'a JSON object'
    case 'number':
      return 'a number'
    case 'int':
      return 'a whole number'
    case 'boolean':
      return 'true or false'
    default:
      return type
  }
}

function nameOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  switch (typeof value) {
    case 'string':
      return 'text'
    case 'object':
      return 'an object'
    case 'number':
      return Number.isNaN(value) ? 'something else' : 'a number'
    default:
      return `a ${typeof value}`
  }
}

function knownKeys(schema: unknown): string {
  const keys = schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
  return keys.length < 2 ? `only ${keys.join('')}` : `${keys.slice(0, -1).join(', ')} and ${keys.at(-1)}`
}

const toPath = (path: readonly PropertyKey[]) => path.map((key) => short(String(key))).join('.')
const short = (key: string) => (key.length > 60 ? `${key.slice(0, 60)}…` : key)
const lengthOf = (value: unknown) => (typeof value === 'string' ? value.length : 0)

/** 20431 → "20,431". */
export const thousands = (value: number | bigint) => value.toLocaleString('en-US')
