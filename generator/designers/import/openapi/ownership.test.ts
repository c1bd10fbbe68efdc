import { describe, expect, it } from 'vitest'
import { importOpenApi } from './import-openapi.ts'

const json = (schema: unknown) => ({ content: { 'application/json': { schema } } })
const answers = (schema: unknown) => ({ responses: { 200: { description: 'Done', ...json(schema) } } })
const text = { type: 'string' }
const whole = { type: 'integer' }
const uuid = { type: 'string', format: 'uuid' }
const parameters = [{ name: 'id', in: 'path', required: true, schema: whole }]

type Given = {
  readonly row?: Record<string, object>
  readonly body?: Record<string, object>
  readonly remove?: string
  readonly list?: string
  readonly isOpen?: boolean
  readonly refused?: number
}

async function built(given: Given) {
  const { row = {}, body = {}, remove = 'Removes it.', list = 'All notes.', isOpen, refused } = given
  const note = { type: 'object', required: ['id'], properties: { id: whole, title: text, ...row } }
  const sent = { type: 'object', properties: { title: text, ...body } }
  const removed = {
    204: { description: 'Gone' },
    ...(refused !== undefined && { [refused]: { description: 'It belongs to another account' } }),
  }
  const { blueprint, assumptions } = await importOpenApi(
    JSON.stringify({
      openapi: '3.0.3',
      info: { title: 'Notes', version: '1' },
      ...(!isOpen && { security: [{ bearer: [] }] }),
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
      paths: {
        '/notes': {
          get: { description: list, ...answers({ type: 'array', items: note }) },
          post: { requestBody: json(sent), ...answers(note) },
        },
        '/notes/{id}': {
          get: { parameters, ...answers(note) },
          put: { parameters, requestBody: json(sent), ...answers(note) },
          delete: { description: remove, parameters, responses: removed },
        },
      },
    }),
    {},
  )
  return {
    operations: blueprint.operations.map(
      ({ method, implementation }) => `${method} ${implementation?.action ?? 'custom'}`,
    ),
    owners: blueprint.operations.map(({ implementation }) => implementation?.owner),
    rules: blueprint.operations.flatMap(({ rules }) => rules),
    said: assumptions.join('\n'),
  }
}

const OPEN = ['GET list', 'POST create', 'GET read', 'PUT replace', 'DELETE delete']
const OWNED = ['GET list', 'POST custom', 'GET read', 'PUT custom', 'DELETE custom']

describe('rows of an account', () => {
  it.each<[string, Given]>([
    ['by a key that is no key of this service', { row: { userId: whole } }],
    ['by a key that the body could choose', { row: { author_id: whole }, body: { author_id: whole } }],
    ['by one of several keys', { row: { author_id: uuid, owner_id: uuid } }],
  ])('are not changed by every account: %s', async (_what, given) => {
    const { operations, said, rules } = await built(given)
    expect(operations).toEqual(OWNED)
    expect(said).toMatch(/PUT \/notes\/\{id\} is not plain CRUD.*only its own account may change a row/)
    expect(rules.filter((rule) => rule.startsWith('A row belongs to one account.'))).toHaveLength(3)
  })

  it('are refused as the document says it', async () => {
    const { rules } = await built({ row: { userId: whole }, refused: 403 })
    expect(rules.map((rule) => /rows of other accounts are (.*)/.exec(rule)?.[1]).filter(Boolean)).toEqual([
      'treated as if they did not exist.',
      'treated as if they did not exist.',
      'refused with 403.',
    ])
  })

  it.each<[string, Given, string]>([
    ['a key that the body leaves out', { row: { userId: uuid } }, 'userId'],
    ['what the document says of one operation', { remove: 'Only its owner may remove a note.' }, 'ownerId'],
    ['what it says of who made a row', { remove: 'Only who wrote it may remove a note.' }, 'ownerId'],
  ])('are changed by their account alone: %s', async (_what, given, owner) => {
    const { owners, said } = await built(given)
    expect(owners).toEqual([undefined, owner, undefined, owner, owner])
    expect(said).toContain(`Notes belong to the account that makes them (${owner})`)
  })

  it('are listed and read by their account alone where the document says whose they are', async () => {
    const { operations, owners, said } = await built({ list: 'The notes of the current user.' })
    expect(operations).toEqual(OPEN)
    expect(owners).toEqual(Array.from({ length: 5 }, () => 'ownerId'))
    expect(said).toContain('only that account reads and changes them')
  })

  it.each<[string, Given]>([
    ['there are no owners', {}],
    ['nobody signs in', { row: { userId: whole }, body: { userId: whole }, isOpen: true }],
    ['the key is of something else', { row: { folderId: whole }, body: { folderId: whole } }],
  ])('are plain rows where %s', async (_what, given) => {
    expect((await built(given)).operations).toEqual(OPEN)
  })
})

describe('rows below a row that belongs to an account', () => {
  const card = {
    type: 'object',
    required: ['id', 'deck_id'],
    properties: { id: uuid, front: text, deck_id: uuid },
  }
  const deck = {
    type: 'object',
    required: ['id', 'user_id'],
    properties: { id: uuid, title: text, user_id: uuid },
  }
  const below = [{ name: 'id', in: 'path', required: true, schema: uuid }]

  async function actions(list: string) {
    const { blueprint, assumptions } = await importOpenApi(
      JSON.stringify({
        openapi: '3.0.3',
        info: { title: 'Decks', version: '1' },
        security: [{ bearer: [] }],
        components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
        paths: {
          '/decks': {
            get: { description: list, ...answers({ type: 'array', items: deck }) },
            post: { requestBody: json({ type: 'object', properties: { title: text } }), ...answers(deck) },
          },
          '/decks/{id}/cards': {
            get: { parameters: below, ...answers({ type: 'array', items: card }) },
            post: {
              parameters: below,
              requestBody: json({ type: 'object', properties: { front: text } }),
              ...answers(card),
            },
          },
        },
      }),
      {},
    )
    const cards = blueprint.operations.filter(({ path }) => path.endsWith('/cards'))
    return {
      cards: cards.map(({ method, implementation }) => `${method} ${implementation?.action ?? 'custom'}`),
      said: assumptions.join('\n'),
      rules: cards.map(({ rules }) => rules.at(-1)),
    }
  }

  it('are closed to other accounts', async () => {
    expect((await actions('The decks of the current user.')).cards).toEqual(['GET custom', 'POST custom'])
  })

  it('are read by all accounts where the row above is, and changed by none', async () => {
    const { cards, rules } = await actions('All decks.')
    expect(cards).toEqual(['GET list', 'POST custom'])
    expect(rules[1]).toBe(
      'A row of Deck belongs to one account; what other accounts may do below it is what the other rules say.',
    )
  })
})
