import { expect, it } from 'vitest'
import { importOpenApi } from '../../../designers/import/openapi/import-openapi.ts'
import { renderProject } from '../../../stages/render-project.ts'

it('a registration that answers nothing of the account keeps no account', async () => {
  const text = { type: 'string' }
  const credentials = {
    type: 'object',
    required: ['email', 'password'],
    properties: { email: { type: 'string', format: 'email' }, password: text },
  }
  const post = (status: number, property: string) => ({
    post: {
      requestBody: { required: true, content: { 'application/json': { schema: credentials } } },
      responses: {
        [status]: {
          description: 'Done',
          content: {
            'application/json': {
              schema: { type: 'object', required: [property], properties: { [property]: text } },
            },
          },
        },
      },
    },
  })
  const { blueprint } = await importOpenApi(
    JSON.stringify({
      openapi: '3.0.3',
      info: { title: 'Accounts', version: '1' },
      paths: { '/register': post(201, 'message'), '/login': post(200, 'token') },
    }),
    {},
  )
  const register = blueprint.operations.find(({ signIn }) => signIn?.action === 'register')
  expect(register).toBeDefined()
  const files = await renderProject(blueprint)
  const code = files.find(({ path }) => path.endsWith('operations/post-register.ts'))?.content
  expect(code).toContain("return { message: '' }")
  expect(code).not.toContain('const account')
})
