export type WorstCase = {
  readonly name: string
  readonly kind: 'openapi' | 'sql' | 'prisma' | 'postman' | 'graphql' | 'json-schema' | 'prompt'
  /** The text in `size` parts: references, columns, lines. */
  readonly text: (size: number) => string
  /** So many parts that the text is at most 1 MB, or what the contract lets through. */
  readonly most: number
}

export const list = <T>(size: number, one: (index: number) => T): T[] =>
  Array.from({ length: size }, (_, at) => one(at))

export const document = (schemas: Record<string, unknown>, more: object = {}): string =>
  JSON.stringify({
    openapi: '3.0.3',
    info: { title: 'Worst', version: '1' },
    paths: {
      '/rows': {
        get: answers({ type: 'array', items: { $ref: '#/components/schemas/S0' } }),
        post: answers({ $ref: '#/components/schemas/S0' }),
      },
    },
    components: { schemas },
    ...more,
  })

export const answers = (schema: unknown) => ({
  responses: { 200: { description: 'ok', content: { 'application/json': { schema } } } },
})

export const ref = (name: string | number) => ({ $ref: `#/components/schemas/S${name}` })
export const leaf = { type: 'object', properties: { id: { type: 'integer' }, title: { type: 'string' } } }
