import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeLog } from '#lib/log'
import { thisMachine } from '#lib/machine'
import { ulid } from 'ulid'
import { expect, test } from 'vitest'
import { describeConformance } from '#contract'
import { makeApiClient } from '../bots/api-client.ts'
import { startService } from '../service.ts'
import { startHostileModel } from './hostile/hostile-model.ts'

const SPEC = `openapi: 3.1.0
info: { title: Recipes, version: '1' }
paths:
  /recipes:
    get:
      responses:
        '200': { description: All, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Recipe' } } } } }
    post:
      operationId: addRecipe
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/Recipe' } } } }
      responses:
        '201': { description: Added, content: { application/json: { schema: { $ref: '#/components/schemas/Recipe' } } } }
  /recipes/{id}/like:
    post:
      operationId: likeRecipe
      parameters: [{ name: id, in: path, required: true, schema: { type: integer } }]
      responses: { '204': { description: Liked }, '404': { description: There is no such recipe } }
components:
  schemas:
    Recipe: { type: object, required: [title], properties: { id: { type: integer, readOnly: true }, title: { type: string } } }
`
const like = {
  name: 'Like',
  plural: 'Likes',
  label: 'like',
  labelPlural: 'likes',
  description: null,
  path: '/likes',
  key: null,
  timestamps: null,
  fields: [],
  belongsTo: [
    {
      name: 'recipe',
      label: 'recipe',
      target: 'Recipe',
      required: true,
      unique: false,
      onDelete: 'cascade',
      property: null,
    },
  ],
  indexes: [],
  operations: [] as string[],
  policies: [],
  readAccess: 'public',
  writeAccess: 'public',
  owner: null,
}
const likeRecipe = {
  id: 'likeRecipe',
  rules: ['Adds a Like of the recipe.'],
  errors: [{ status: 404, code: 'not_found', when: 'There is no such recipe.' }],
  uses: [],
  examples: [
    {
      title: 'a recipe is liked',
      rows: [{ name: 'soup', entity: 'Recipe', values: '{"title":"Soup"}' }],
      params: '{"id":"$soup.id"}',
      query: '{}',
      headers: '{}',
      answers: [],
      body: null,
      status: 204,
      code: null,
      answerHeaders: null,
      answer: null,
      rowsAfter: [{ change: 'created', row: null, entity: 'Like', values: '{"recipeId":"$soup.id"}' }],
    },
  ],
}
const completion = {
  dropped: [],
  entities: [like],
  operations: [likeRecipe],
  config: [],
  seeds: [],
  schedules: [],
  services: [],
  assumptions: ['A recipe may be liked more than once.'],
  notUnderstood: [],
}
const handler = `import { ApiError } from '../errors.ts';
import type { OperationContext } from '../operation-context.ts';
import type { LikeRecipeInput, LikeRecipeResult } from '../schemas/operations/like-recipe.ts';

/** Adds a like. */
export function likeRecipe({ params }: LikeRecipeInput, { repositories }: OperationContext): LikeRecipeResult {
  if (!repositories.recipes.find(params.id)) throw new ApiError(404, 'not_found', 'There is no such recipe.');
  repositories.likes.insert({ recipeId: params.id });
}
`

test('a model completes a document over the wire: what does not fit goes back, and the result conforms to it', async () => {
  await using stack = new AsyncDisposableStack()
  const dir = await mkdtemp(join(tmpdir(), 'completed-document-'))
  stack.defer(() => rm(dir, { recursive: true, force: true }))
  const model = stack.use(await startHostileModel())
  const answers = (call: Parameters<typeof model.answer>[1], value: unknown) =>
    model.answer('', call, { response: { content: JSON.stringify(value) } })
  answers('completion', { ...completion, entities: [{ ...like, operations: ['list'] }] })
  answers('repaired completion', completion)
  answers('code', { code: handler, notes: '', cannot: null })
  const machine = thisMachine(process, tmpdir())
  const service = stack.use(
    await startService({
      machine: {
        ...machine,
        env: {
          PATH: machine.env['PATH'],
          HOME: machine.env['HOME'],
          PORT: '0',
          DATA_DIR: join(dir, 'data'),
          OPENAI_API_KEY: 'sk-documents',
          OPENAI_BASE_URL: model.url,
          SANDBOX: 'none',
          MUTANTS: '0',
          REVIEW: '0',
        },
      },
      log: makeLog({ level: 'silent' }),
    }),
  )
  const api = makeApiClient({ baseUrl: service.url })
  const { jobId } = await api.generate({ prompt: 'Build this API', spec: SPEC }, { idempotencyKey: ulid() })
  let view = null
  for await (const change of api.follow(jobId, { signal: AbortSignal.timeout(110_000) })) view = change.view

  expect(view?.error ?? null).toBeNull()
  const report = view!.report!
  expect(report).toMatchObject({
    designer: { kind: 'import', model: expect.any(String) },
    gaps: [],
    routes: [
      { method: 'GET', path: '/recipes' },
      { method: 'POST', path: '/recipes' },
      { method: 'POST', path: '/recipes/:id/like' },
    ],
    verification: { passed: true, conformance: { findings: [], stubs: [] } },
  })
  expect(describeConformance(report.verification.conformance!)).toBe(
    '3 of 3 operations conform to the document',
  )
  expect(report.entities.map(({ name }) => name)).toEqual(['Recipe', 'Like'])
  expect(report.assumptions).toEqual(
    expect.arrayContaining([
      'A recipe may be liked more than once.',
      'Like is a table that the document does not name.',
    ]),
  )
})
