import type { jsonSchemaTransform } from 'fastify-type-provider-zod'
import { problems } from '../routes/shared.ts'
import type { Access } from './guard.ts'

/** What the OpenAPI document says of keys and links. */
export const securitySchemes = {
  apiKey: {
    type: 'http' as const,
    scheme: 'bearer',
    description:
      'An API key. It may also be sent as `X-API-Key`. An API without keys serves its own machine alone, and needs none.',
  },
  signedLink: {
    type: 'apiKey' as const,
    in: 'query' as const,
    name: 'signature',
    description: 'Of a link that was given out whole, with `expires` beside it.',
  },
}

type Transform = typeof jsonSchemaTransform
type Input = Parameters<Transform>[0]

/** Says of each operation who may use it, and how a refusal looks. */
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
    401: 'The API key is missing, unknown or has ended.',
    403: `The API key has not the scope \`${access === 'link' ? 'read' : access}\`.`,
    421: 'The API has no keys, and the request is not for this machine by its name.',
    429: 'A limit is reached; the message says which, and when it ends.',
  })
