import * as fc from 'fast-check'
import type { CustomOperation, Schedule, Service, ServiceCall, Shape, ShapeProperty } from '#contract'

/** Some are not valid names of files or functions. */
const NAMES = ['payments', 'mail', 'caller', 'index', 'class', 'con']
const CALLS = ['send', 'delete', 'find', 'call', 'await']
const PARTS = ['id', 'class', 'q']

const plain = fc.record({
  kind: fc.constantFrom('string' as const, 'integer' as const, 'boolean' as const, 'datetime' as const),
  nullable: fc.constant(false),
})

function call(id: string, text: fc.Arbitrary<string>, shape: fc.Arbitrary<Shape>): fc.Arbitrary<ServiceCall> {
  const named = (shapes: fc.Arbitrary<Shape>) =>
    fc
      .uniqueArray(fc.constantFrom(...PARTS), { maxLength: 2 })
      .chain((names) =>
        fc.tuple(
          ...names.map((name) =>
            fc
              .record({ shape: shapes, required: fc.boolean() })
              .map((one): ShapeProperty => ({ name, ...one })),
          ),
        ),
      )
  return fc
    .record({
      summary: text,
      method: fc.constantFrom('GET' as const, 'POST' as const, 'PUT' as const, 'DELETE' as const),
      params: named(plain),
      query: named(plain),
      body: fc.option(shape),
      answer: fc.option(shape),
    })
    .map(({ body, params, ...rest }) => ({
      id,
      ...rest,
      path: `/${id}${params.map(({ name }) => `/:${name}`).join('')}`,
      params: params.map((one) => ({ ...one, required: true })),
      body: rest.method === 'GET' || rest.method === 'DELETE' ? null : body,
    }))
}

/** Up to two services; `text` gives their descriptions, `shape` their requests and responses. */
export function arbitraryServices(
  text: fc.Arbitrary<string>,
  shape: fc.Arbitrary<Shape>,
): fc.Arbitrary<Service[]> {
  const service = (name: string): fc.Arbitrary<Service> =>
    fc
      .record(
        {
          description: text,
          auth: fc.constantFrom<Service['auth']>(
            { kind: 'none' },
            { kind: 'bearer', secret: 'PARTNER_TOKEN' },
            { kind: 'header', name: 'x-api-key', secret: 'PARTNER_TOKEN' },
          ),
          timeoutMs: fc.constantFrom(100, 2500, 60_000),
          retries: fc.integer({ min: 1, max: 3 }),
          calls: fc
            .uniqueArray(fc.constantFrom(...CALLS), { minLength: 1, maxLength: 3 })
            .chain((ids) => fc.tuple(...ids.map((id) => call(id, text, shape)))),
        },
        { requiredKeys: ['description', 'auth', 'calls'] },
      )
      .map((one) => ({ name, baseUrl: 'PARTNER_ADDRESS', ...one }))
  return fc
    .oneof(
      { weight: 2, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 2 }) },
    )
    .chain((names) => fc.tuple(...names.map(service)))
}

/** Every second operation and task uses the services. */
export const withUses = <T extends CustomOperation | Schedule>(
  list: readonly T[],
  services: readonly Service[],
): T[] =>
  list.map((one, at) =>
    services.length > 0 && at % 2 === 0 ? { ...one, uses: services.map(({ name }) => name) } : one,
  )
