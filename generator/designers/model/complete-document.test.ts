import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { ModelError } from '../../llm/model-error.ts'
import type { StructuredModel } from '../../llm/structured-model.ts'
import { callContext } from '../../testing/call-context.ts'
import { designFromDocument } from '../import/design-from-document.ts'
import { makeCompleteDocument } from './complete-document.ts'
import type { LlmCompletion } from './llm-completion-schema.ts'

const SPEC = `openapi: 3.1.0
info: { title: Recipes, version: '1' }
paths:
  /recipes:
    get:
      responses:
        '200': { description: OK, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Recipe' } } } } }
    post:
      operationId: addRecipe
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/Recipe' } } } }
      responses:
        '201': { description: OK, content: { application/json: { schema: { $ref: '#/components/schemas/Recipe' } } } }
        '409': { description: The title is taken }
  /recipes/{id}/like:
    post:
      operationId: likeRecipe
      parameters: [{ name: id, in: path, required: true, schema: { type: integer } }]
      responses: { '204': { description: Liked } }
components:
  schemas:
    Recipe: { type: object, required: [title], properties: { id: { type: integer, readOnly: true }, title: { type: string } } }
`
const nothing: LlmCompletion = {
  dropped: [],
  entities: [],
  operations: [],
  config: [],
  seeds: [],
  schedules: [],
  services: [],
  helpers: [],
  assumptions: [],
  notUnderstood: [],
}
const like: LlmCompletion['entities'][number] = {
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
  operations: [],
  policies: [],
  readAccess: 'public',
  writeAccess: 'public',
  owner: null,
}
const operation = (over: Partial<LlmCompletion['operations'][number]>) => ({
  id: 'likeRecipe',
  rules: ['Adds a like of the recipe.'],
  errors: [{ status: 404, code: 'not_found', when: 'There is no such recipe.' }],
  uses: [],
  examples: [],
  ...over,
})

async function completed(answers: readonly (LlmCompletion | Error)[], spec = SPEC) {
  const intent = { prompt: 'Likes are counted once', spec, options: {} }
  const draft = await designFromDocument(intent)
  const asked: string[] = []
  const model: StructuredModel = {
    name: 'a-model',
    ask: async ({ input }: { input: readonly { text: string }[] }) => {
      asked.push(input.map(({ text }) => text).join('\n'))
      const answer = answers[asked.length - 1]
      if (answer === undefined) throw new Error('the model was asked once too often')
      if (answer instanceof Error) throw answer
      return { value: answer }
    },
  } as unknown as StructuredModel
  const complete = makeCompleteDocument({ model, log: pino({ level: 'silent' }) })
  return { draft, asked, design: await complete(intent, draft, callContext()) }
}

describe('a document that a model completes', () => {
  it('keeps its routes and schemas, and gets tables and rules', async () => {
    const { draft, asked, design } = await completed([
      {
        ...nothing,
        entities: [like],
        operations: [operation({}), operation({ id: 'addRecipe', errors: [] })],
      },
    ])
    expect(asked).toHaveLength(1)
    expect(asked[0]).toContain('Likes are counted once')
    expect(asked[0]).toContain('operationId: likeRecipe')
    expect(asked[0]).toContain('"rows":"create Recipe"')
    const plain = ({ blueprint }: typeof design) =>
      blueprint.operations.map(({ method, path, body, responses: { success } }) => ({
        method,
        path,
        body,
        success,
      }))
    expect(plain(design)).toEqual(plain(draft))
    expect(design.model).toBe('a-model')
    expect(design.blueprint.entities.map(({ name }) => name)).toEqual(['Recipe', 'Like'])
    const [, add, likes] = design.blueprint.operations
    expect(likes).toMatchObject({
      rules: ['Adds a like of the recipe.'],
      responses: { errors: [{ status: 404 }] },
    })
    // Its rules are more than rows, and the refusal of the document stays.
    expect(add).not.toHaveProperty('implementation')
    expect(add?.responses.errors).toMatchObject([{ status: 409 }])
    expect(design.assumptions).toEqual(
      expect.arrayContaining([
        'Like is a table that the document does not name.',
        'POST /recipes/:id/like also refuses with 404, which the document does not list for it.',
        'POST /recipes is more than plain rows, so its code is written from rules.',
      ]),
    )
  })

  it.each<[string, LlmCompletion, RegExp]>([
    [
      'a route',
      { ...nothing, operations: [operation({ id: 'unlikeRecipe' })] },
      /has no operation unlikeRecipe/,
    ],
    [
      'routes of a table',
      { ...nothing, entities: [{ ...like, operations: ['list'] }] },
      /Like would have routes of its own/,
    ],
    [
      'the type of a property',
      {
        ...nothing,
        entities: [{ ...like, name: 'Recipe', belongsTo: [], fields: [fieldOf('title', 'integer')] }],
      },
      /Recipe\.title is string in the document, not integer/,
    ],
    [
      'a success as a refusal',
      {
        ...nothing,
        operations: [operation({ errors: [{ status: 202, code: 'accepted', when: 'Later.' }] })],
      },
      /likeRecipe would refuse with 202/,
    ],
  ])('refuses %s once, with what differs, and takes the correction', async (_what, wrong, fault) => {
    const { asked, design } = await completed([wrong, { ...nothing, entities: [like] }])
    expect(asked).toHaveLength(2)
    expect(asked[1]).toMatch(fault)
    expect(design.blueprint.entities.map(({ name }) => name)).toEqual(['Recipe', 'Like'])
  })

  it('keeps its answers where rows get more than the schemas name', async () => {
    const cook = { ...like.belongsTo[0]!, name: 'parent', required: false }
    const { draft, design } = await completed([
      { ...nothing, entities: [{ ...like, name: 'Recipe', belongsTo: [cook] }] },
    ])
    const answerOf = ({ blueprint }: typeof design) => blueprint.operations[0]!.responses.success
    expect(answerOf(draft)).toMatchObject({ shape: { items: { kind: 'entity', entity: 'Recipe' } } })
    expect(design.blueprint.entities[0]!.belongsTo).toMatchObject([{ name: 'parent' }])
    expect(answerOf(design)).toMatchObject({
      shape: { items: { kind: 'object', properties: [{ name: 'id' }, { name: 'title' }] } },
    })
  })

  const recipe: LlmCompletion['entities'][number] = {
    ...like,
    name: 'Recipe',
    plural: 'Recipes',
    label: 'recipe',
    labelPlural: 'recipes',
    path: '/recipes',
    belongsTo: [],
  }
  const all = ['GET /recipes', 'addRecipe', 'likeRecipe'].map((id) =>
    operation({ id: id === 'GET /recipes' ? 'getRecipes' : id, errors: [] }),
  )

  it('gets another table where the draft has the wrong one, and the same answers', async () => {
    const { draft, design } = await completed([
      {
        ...nothing,
        dropped: ['Recipe'],
        entities: [{ ...recipe, fields: [fieldOf('number', 'integer')] }, like],
        operations: all,
      },
    ])
    expect(
      design.blueprint.entities.map(({ name, fields }) => [name, fields.map((one) => one.name)]),
    ).toEqual([
      ['Recipe', ['number']],
      ['Like', []],
    ])
    expect(design.blueprint.entities[0]).not.toHaveProperty('key')
    expect(design.blueprint.operations.map(({ path, implementation }) => [path, implementation])).toEqual(
      draft.blueprint.operations.map(({ path }) => [path, undefined]),
    )
    expect(design.blueprint.operations[1]!.responses.success).toMatchObject({
      shape: { kind: 'object', properties: [{ name: 'id' }, { name: 'title' }] },
    })
    expect(design.assumptions).toContain('Recipe has other columns than the schemas of the document.')
  })

  it('does not require of accounts what registration leaves out', async () => {
    const spec = SPEC.replace(
      'components:',
      'security: [{ bearer: [] }]\ncomponents:\n  securitySchemes: { bearer: { type: http, scheme: bearer } }',
    )
    const rank = { ...fieldOf('rank', 'integer') }
    const account = { ...recipe, name: 'Account', plural: 'Accounts', path: '/accounts' }
    const additions = (more: object) => ({
      ...nothing,
      entities: [{ ...account, fields: [{ ...rank, ...more }] }],
    })
    const { asked } = await completed([additions({}), additions({ defaultValue: '1' })], spec)
    expect(asked).toHaveLength(2)
    expect(asked[1]).toContain('Every Account would need rank, and registration does not set it.')
  })

  it('gives the code of sign-in to the model only where it is more than that', async () => {
    const session = `content: { application/json: { schema: { type: object, required: [token], properties: { token: { type: string } } } } }`
    const credentials = `{ required: true, content: { application/json: { schema: { type: object, required: [email, password], properties: { email: { type: string, format: email }, password: { type: string } } } } } }`
    const route = (name: string) => `
  /${name}:
    post:
      operationId: ${name}
      requestBody: ${credentials}
      responses: { '200': { description: Done, ${session} } }`
    const spec = SPEC.replace('paths:', `paths:${route('register')}${route('login')}`)
    const { asked, design } = await completed(
      [{ ...nothing, operations: [operation({ id: 'register', errors: [] })] }],
      spec,
    )
    expect(asked[0]).toContain('"rows":"register Account"')
    expect(asked[0]).toContain('"rows":"signIn Account"')
    const signIns = design.blueprint.operations.map(({ id, signIn }) => [id, signIn?.action])
    expect(signIns.slice(0, 2)).toEqual([
      ['register', undefined],
      ['login', 'signIn'],
    ])
    expect(design.assumptions).toContain(
      'POST /register is more than plain sign-in, so its code is written from rules.',
    )
  })

  it('gets no table where the draft has one too many', async () => {
    const { design } = await completed([{ ...nothing, dropped: ['Recipe'], operations: all }])
    expect(design.blueprint.entities).toEqual([])
    expect(design.blueprint.operations.every(({ entity }) => entity === undefined)).toBe(true)
    expect(design.assumptions).toContain('Recipe is no table.')
  })

  it.each<[string, LlmCompletion, RegExp]>([
    ['a table that is none', { ...nothing, dropped: ['Cook'] }, /The draft has no entity Cook/],
    [
      'the rows of an operation that stays as it is',
      { ...nothing, dropped: ['Recipe'], operations: [operation({})] },
      /getRecipes and addRecipe are rows of Recipe/,
    ],
  ])('does not drop %s', async (_what, wrong, fault) => {
    const { asked } = await completed([wrong, nothing])
    expect(asked[1]).toMatch(fault)
  })

  it('is built as it stands where the correction does not fit it either, and says so', async () => {
    const wrong = { ...nothing, operations: [operation({ id: 'unlikeRecipe' })] }
    const { draft, design } = await completed([wrong, wrong])
    expect(design.blueprint).toEqual(draft.blueprint)
    expect(design.assumptions.at(-1)).toMatch(
      /^The document is built as it stands: .*no operation unlikeRecipe/,
    )
  })

  it('is built as it stands where the model cannot be asked, unless another attempt may help', async () => {
    const refusal = new ModelError({ code: 'model_refused', message: 'It refused.', hint: 'None.' })
    const { draft, design } = await completed([refusal])
    expect(design.blueprint).toEqual(draft.blueprint)
    expect(design.assumptions.at(-1)).toContain('could not complete it')
    await expect(completed([new Error('the network is away')])).rejects.toThrow('the network is away')
  })

  it('is not sent where it is longer than what a model reads', async () => {
    const { asked, design } = await completed([], `${SPEC}# ${'long '.repeat(90_000)}`)
    expect(asked).toEqual([])
    expect(design.assumptions.at(-1)).toContain('more than 400,000 characters')
  })
})

function fieldOf(name: string, kind: 'integer' | 'string') {
  return {
    name,
    label: name,
    kind,
    required: true,
    omitted: false,
    unique: false,
    setBy: [],
    maxLength: null,
    min: null,
    max: null,
    values: null,
    pattern: null,
    json: [],
    defaultValue: null,
    example: null,
    description: null,
  }
}
