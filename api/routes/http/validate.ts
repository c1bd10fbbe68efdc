import type { FastifySchemaCompiler } from 'fastify'
import { z } from 'zod'
import { RequestError } from '../../errors.ts'

type Issue = z.core.$ZodRawIssue
type Detail = { readonly path: string; readonly message: string }

const MAX_DETAILS = 10

/** Checks a part of a request and says in words what is wrong with it. An id that cannot be one is simply unknown. */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> =
  ({ schema, httpPart }) =>
  (data: unknown) => {
    const result = schema.safeParse(data, { error: (issue) => describeIssue(issue, httpPart ?? 'body') })
    if (result.success) return { value: result.data }
    if (httpPart === 'params') return { error: jobNotFound() }
    return { error: invalidRequest(result.error.issues) }
  }

export const jobNotFound = () =>
  new RequestError(404, 'job_not_found', 'No job has this id. POST /generate-backend gives out ids.')

function invalidRequest(issues: readonly z.core.$ZodIssue[]): RequestError {
  const details = issues.flatMap(toDetails).slice(0, MAX_DETAILS)
  return new RequestError(400, 'invalid_request', summary(details), details)
}

function summary(details: readonly Detail[]): string {
  const sentences = details.slice(0, 3).map((detail) => detail.message)
  const more = details.length - sentences.length
  return sentences.join(' ') + (more > 0 ? ` (And ${more} more: see details.)` : '')
}

/** One detail an issue; one for each key where several are unknown. */
function toDetails(issue: z.core.$ZodIssue): Detail[] {
  const path = toPath(issue.path)
  if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }]
  return issue.keys.slice(0, MAX_DETAILS).map((key) => ({
    path: path ? `${path}.${short(key)}` : short(key),
    message: `${short(key)} is not known here${issue.message}`,
  }))
}

/** A sentence for what zod found. Schemas may bring their own, which then wins. */
function describeIssue(issue: Issue, part: string): string {
  const subject = toPath(issue.path ?? []) || `The ${part === 'querystring' ? 'query' : part}`
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined || (issue.input === null && !issue.path?.length)
        ? `${subject} is missing: ${expected(issue.expected)} is expected.`
        : `${subject} must be ${expected(issue.expected)}, not ${nameOf(issue.input)}.`
    case 'too_small':
      return issue.origin === 'string'
        ? `${subject} is empty.`
        : `${subject} must be at least ${thousands(issue.minimum)}.`
    case 'too_big':
      return issue.origin === 'string'
        ? `${subject} has ${thousands(lengthOf(issue.input))} characters, but at most ${thousands(issue.maximum)} are accepted.`
        : `${subject} must be at most ${thousands(issue.maximum)}.`
    case 'invalid_value':
      return `${subject} must be ${issue.values.map((value: unknown) => JSON.stringify(value)).join(' or ')}.`
    case 'unrecognized_keys':
      return `: ${knownKeys(issue.inst)} can be given.`
    case 'invalid_union': {
      const kinds = 'options' in issue && Array.isArray(issue.options) ? issue.options : []
      return kinds.length > 0
        ? `${subject} must be ${kinds.map((kind) => JSON.stringify(kind)).join(' or ')}.`
        : `${subject} is not of a known form.`
    }
    default:
      return `${subject} does not have the expected form.`
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
