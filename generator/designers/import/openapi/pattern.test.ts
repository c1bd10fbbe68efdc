import { expect, it } from 'vitest'
import { stringify } from 'yaml'
import { importOpenApi } from './import-openapi.ts'

const documentWith = (schema: object) =>
  stringify({
    openapi: '3.1.0',
    info: { title: 'T', version: '1' },
    paths: {
      '/orders/{sku}': {
        post: {
          operationId: 'order',
          parameters: [{ name: 'sku', in: 'path', required: true, schema: { type: 'string', ...schema } }],
          requestBody: {
            required: true,
            content: {
              'application/json': {
                schema: { type: 'object', properties: { code: { type: 'string', ...schema } } },
              },
            },
          },
          responses: {
            200: {
              description: 'OK',
              content: {
                'application/json': {
                  schema: { type: 'object', properties: { code: { type: 'string', ...schema } } },
                },
              },
            },
          },
        },
      },
    },
  })

const imported = async (schema: object) => {
  const { blueprint, assumptions, notUnderstood } = await importOpenApi(documentWith(schema), {})
  const [{ params, body, responses }] = blueprint.operations as [(typeof blueprint.operations)[number]]
  const said = [...assumptions, ...notUnderstood].filter((note) => note.includes('pattern'))
  return { request: JSON.stringify([params, body]), answer: JSON.stringify(responses), said }
}

it('keeps the pattern of what is sent, and not of what is answered', async () => {
  const { request, answer, said } = await imported({ pattern: '^[A-Z]{2}/[0-9]{4}$', maxLength: 20 })
  expect(request.match(/"pattern":"\^\[A-Z\]\{2\}\/\[0-9\]\{4\}\$"/g)).toHaveLength(2)
  expect(answer).not.toContain('pattern')
  expect(said).toEqual([])
})

it.each([
  ['^(a+)+$', /can take very long/],
  ['^[a-z', /is no regular expression/],
  ['^[a-z]{30}$', /no text was found that matches/],
  [7, /is no short text/],
])('leaves out the pattern %s, and says why', async (pattern, why) => {
  const { request, said } = await imported({ pattern, maxLength: 20 })
  expect(request).not.toContain('pattern')
  expect(said.join('\n')).toMatch(why)
})
