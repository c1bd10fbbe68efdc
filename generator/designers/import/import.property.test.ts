import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { Blueprint } from '#contract'
import { lintBlueprint } from '../../blueprint/lint-blueprint.ts'
import { importOpenApi } from './openapi/import-openapi.ts'
import { SpecError } from './spec-error.ts'
import { importSql } from './sql/import-sql.ts'
import type { ImportResult } from './import-result.ts'
import { runs } from '../../../test/support/random.ts'

/** Damaged documents: each becomes a valid Blueprint or an error message. */

const fixtures = join(import.meta.dirname, '../../../test/fixtures/specs')
const DOCUMENTS = ['petstore.yaml', 'tasks.yaml', 'bookshop.json', 'orders.yaml', 'articles.yaml'].map(
  (name) => parse(readFileSync(join(fixtures, name), 'utf8')) as unknown,
)
const DEFINITIONS = ['shop.sql', 'library.mysql.sql', 'garden.sqlite.sql'].map((name) =>
  readFileSync(join(fixtures, name), 'utf8'),
)
const RUNS = runs(60)

/** Every place in a value, as what holds it and its name there. */
function placesOf(value: unknown): { holder: object; name: string }[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.keys(value).flatMap((name) => [
    { holder: value, name },
    ...placesOf(Reflect.get(value, name)),
  ])
}

const replacement = (): fc.Arbitrary<unknown> =>
  fc.oneof(
    fc.constantFrom<unknown>(null, true, 0, -1, 1e21, '', 'x', [], {}, { $ref: '#/components/schemas/Pet' }),
    fc.constantFrom<unknown>(
      { type: 'object' },
      { type: ['string', 'null'] },
      { oneOf: [] },
      { type: 'array' },
      { enum: [1, null] },
    ),
    fc.constantFrom<unknown>(
      'string',
      'integer',
      'object',
      'array',
      'date-time',
      'query',
      'path',
      '#/components/schemas/Nothing',
    ),
  )

type Damage = { at: number; what: 'drop' | 'replace' | 'rename'; value: unknown; name: string }

const damage = (): fc.Arbitrary<Damage> =>
  fc.record({
    at: fc.nat(1_000_000),
    what: fc.constantFrom('drop' as const, 'replace' as const, 'rename' as const),
    value: replacement(),
    name: fc.constantFrom(
      'id',
      'class',
      '__proto__',
      'then',
      'a b',
      '{x}',
      'é',
      '',
      'properties',
      '200',
      'x'.repeat(120),
    ),
  })

function damaged(document: unknown, damages: readonly Damage[]): unknown {
  const copy = structuredClone(document)
  for (const { at, what, value, name } of damages) {
    const places = placesOf(copy)
    const place = places[at % places.length]
    if (!place) continue
    const before: unknown = Reflect.get(place.holder, place.name)
    if (what === 'replace') Reflect.set(place.holder, place.name, structuredClone(value))
    else if (Array.isArray(place.holder)) place.holder.splice(Number(place.name), 1)
    else {
      Reflect.deleteProperty(place.holder, place.name)
      if (what === 'rename')
        Object.defineProperty(place.holder, name, {
          value: before,
          enumerable: true,
          configurable: true,
          writable: true,
        })
    }
  }
  return copy
}

async function judge(work: () => Promise<ImportResult> | ImportResult): Promise<'imported' | 'refused'> {
  let imported: ImportResult
  try {
    imported = await work()
  } catch (error) {
    if (error instanceof SpecError && /^The attached document cannot be used\. \S/.test(error.message))
      return 'refused'
    throw error
  }
  const blueprint = Blueprint.parse(imported.blueprint)
  expect(lintBlueprint(blueprint).diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  return 'imported'
}

describe('a damaged document', () => {
  it('of OpenAPI is imported or rejected with a message', { timeout: 120_000 }, async () => {
    const ends = new Set<string>()
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...DOCUMENTS),
        fc.array(damage(), { minLength: 1, maxLength: 3 }),
        async (document, damages) => {
          ends.add(await judge(() => importOpenApi(stringify(damaged(document, damages)), {})))
        },
      ),
      { numRuns: RUNS },
    )
    // Few damages leave nothing to serve.
    expect(ends).toContain('imported')
    const nothing = { openapi: '3.1.0', info: { title: 'Nothing', version: '1' }, paths: {} }
    expect(await judge(() => importOpenApi(stringify(nothing), {}))).toBe('refused')
  })

  it('of SQL is imported or rejected with a message', { timeout: 120_000 }, async () => {
    const ends = new Set<string>()
    const cut = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      length: fc.nat(12),
      text: fc.constantFrom('', ',', '(', ')', "'", ';', ' NOT NULL', ' id ', '/*', '$$'),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...DEFINITIONS),
        fc.array(cut, { minLength: 1, maxLength: 3 }),
        async (sql, cuts) => {
          let text = sql
          for (const { at, length, text: put } of cuts) {
            const start = Math.floor(at * text.length)
            text = text.slice(0, start) + put + text.slice(start + length)
          }
          ends.add(await judge(() => importSql(text, {})))
        },
      ),
      { numRuns: RUNS },
    )
    expect([...ends].toSorted()).toEqual(['imported', 'refused'])
  })
})
