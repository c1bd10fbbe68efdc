import type { jsonSchemaTransform } from 'fastify-type-provider-zod'
import { problems } from './shared.ts'
import type { Access } from '../access/guard.ts'

/** Security schemes of the OpenAPI document. */
export const securitySchemes = {
  apiKey: {
    type: 'http' as const,
    scheme: 'bearer',
    description:
      'An API key. It may also be sent as `X-API-Key`. An API without keys only serves its own machine and requires none.',
  },
  signedLink: {
    type: 'apiKey' as const,
    in: 'query' as const,
    name: 'signature',
    description: 'The signature of a signed link; sent together with `expires`.',
  },
}

type Transform = typeof jsonSchemaTransform
type Input = Parameters<Transform>[0]

/** Adds security requirements and access errors to each operation. */
export const withSecurity =
  (transform: Transform): Transform =>
  (input: Input) => {
    const access: Access | undefined = input.route.config?.access
    if (input.schema?.hide === true || access === undefined || access === 'open') return transform(input)
    const response = { ...accessProblems(access), ...(input.schema?.response as object | undefined) }
    const security = access === 'link' ? [{ apiKey: [] }, { signedLink: [] }] : [{ apiKey: [] }]
    return transform({ ...input, schema: { ...input.schema, response, security } } as Input)
  }

const accessProblems = (access: Exclude<Access, 'open'>) =>
  problems({
    401: 'The API key is missing, invalid or expired.',
    403: `The API key lacks the scope \`${access === 'link' ? 'read' : access}\`.`,
    421: 'The API has no keys, and the Host header does not name this machine.',
    429: 'A rate limit was exceeded; the message says which one and when it resets.',
  })
