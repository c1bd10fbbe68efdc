import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { Blueprint } from '#contract'
import { lintBlueprint } from '../../../blueprint/lint-blueprint.ts'
import { importOpenApi } from './import-openapi.ts'

/** Files, bytes, cookies, verbs in paths, styles of lists, HTTP Basic, media types of JSON, headers, numbered accounts. */

const print = async () => {
  const file = join(import.meta.dirname, '../../../../test/fixtures/specs/print-shop.yaml')
  const result = await importOpenApi(await readFile(file, 'utf8'), {})
  const { blueprint, diagnostics } = lintBlueprint(Blueprint.parse(result.blueprint))
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  const of = (id: string) => blueprint.operations.find((one) => one.id === id)!
  return { ...result, blueprint, of }
}

it('the files of a multipart body are read apart from its fields, with their media types', async () => {
  const { of } = await print()
  const { body, bodyTypes, files } = of('addPoster')
  expect(bodyTypes).toEqual(['multipart'])
  expect(body).toMatchObject({ properties: [{ name: 'title' }, { name: 'copies' }, { name: 'size' }] })
  expect(files).toEqual([
    {
      name: 'picture',
      required: true,
      types: ['image/png', 'image/jpeg'],
      description: 'What is printed.',
    },
    { name: 'proofs', required: false, isList: true },
  ])
})

it('a body that is neither JSON nor a form is given as bytes, of the media types that the document states', async () => {
  const { of } = await print()
  expect(of('replaceLogo')).toMatchObject({
    body: null,
    rawBody: { types: ['image/png', 'image/jpeg'] },
    responses: { success: { kind: 'binary', mediaType: 'image/png' } },
  })
})

it.each([
  ['any type without a schema', { '*/*': {} }, {}],
  ['any type, of bytes', { '*/*': { schema: { type: 'string', format: 'binary' } } }, {}],
  [
    'bytes that are named JSON',
    { 'application/json': { schema: { format: 'binary' } } },
    { types: ['application/json'] },
  ],
  ['text', { 'text/csv; charset=utf-8': { schema: { type: 'string' } } }, { types: ['text/csv'] }],
  ['pictures', { 'image/*': {} }, { types: ['image/*'] }],
])('bytes are the body where it is %s', async (_what, content, rawBody) => {
  const operation = {
    requestBody: { required: true, content },
    responses: { 200: { description: 'It.', content } },
  }
  const document = {
    openapi: '3.1.0',
    info: { title: 'Files', version: '1' },
    paths: { '/files': { put: operation }, '/bodies': { get: { ...operation, requestBody: undefined } } },
  }
  const { blueprint, notUnderstood } = await importOpenApi(JSON.stringify(document), {})
  expect(blueprint.operations[0]).toMatchObject({ method: 'PUT', body: null, rawBody })
  expect(notUnderstood).toEqual([])
  expect(lintBlueprint(Blueprint.parse(blueprint)).diagnostics).toEqual([])
})

it('verbs behind a colon are part of a path', async () => {
  const { of } = await print()
  expect(of('cancelPoster')).toMatchObject({
    path: '/v1/posters/:posterId::cancel',
    params: [{ name: 'posterId' }],
  })
  expect(of('pricePosters').path).toBe('/v1/posters::price')
})

it('cookies and lists of every style are inputs', async () => {
  const { of } = await print()
  const { cookies, query } = of('pricePosters')
  expect(cookies).toMatchObject([
    { name: 'currency', required: true, shape: { kind: 'enum' } },
    { name: 'visits', required: false, shape: { kind: 'integer' } },
  ])
  expect(query).toMatchObject([
    { name: 'widths', shape: { kind: 'array', separator: '|' } },
    { name: 'colours', shape: { kind: 'array', separator: ' ' } },
  ])
})

it('accounts may send their password with each request', async () => {
  const { blueprint } = await print()
  expect(blueprint.auth).toMatchObject({
    kind: 'jwt',
    credentials: [
      { in: 'basic', scheme: 'name' },
      { in: 'authorization', word: 'Bearer', scheme: 'bearer' },
    ],
  })
})

it('accounts have the whole numbers as keys that answers show, and own rows by them', async () => {
  const { blueprint } = await print()
  expect(blueprint.auth).toMatchObject({ account: 'Account', identity: 'email', ownRoutes: true })
  const entity = (name: string) => blueprint.entities.find((one) => one.name === name)
  expect(entity('Account')?.key).toEqual({ name: 'id', kind: 'integer' })
  expect(entity('Review')?.belongsTo).toMatchObject([{ property: 'userId', target: 'Account' }])
})

it('rows have the media type and the headers that the document states', async () => {
  const { of } = await print()
  expect(of('listFrames')).toMatchObject({
    implementation: { action: 'list' },
    responses: {
      success: {
        mediaType: 'application/vnd.printshop+json',
        headers: [{ name: 'X-Total-Count', holds: 'total' }],
      },
    },
  })
  expect(of('addFrame')).toMatchObject({
    implementation: { action: 'create' },
    bodyMediaType: 'application/vnd.printshop+json',
    responses: { success: { headers: [{ name: 'Location', holds: 'location' }] } },
  })
  expect(of('addPoster').responses.success.headers?.map(({ name }) => name)).toEqual([
    'Location',
    'X-Bytes',
    'X-Hint',
  ])
})

it('nothing of it is left out or served differently', async () => {
  const { document, notUnderstood } = await print()
  expect(notUnderstood).toEqual([])
  expect(document?.parts).toEqual([])
})
