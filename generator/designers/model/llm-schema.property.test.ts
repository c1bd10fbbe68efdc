import {
  Access,
  Blueprint,
  Operation,
  PLAIN_KINDS,
  type CustomOperation,
  type FieldType,
  type Shape,
  type ShapeProperty,
  type Success,
} from '#contract'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { shopWithCheckout, todoWithComplete } from '../../codegen/testing/operations.ts'
import { arbitraryBlueprint } from '../../blueprint/testing/arbitrary-blueprint.ts'
import { arbitraryWhen } from '../../blueprint/testing/arbitrary-schedules.ts'
import { toLlm } from './testing/to-llm.ts'
import { priceIn } from '../../codegen/testing/services.ts'
import { toBlueprint } from './decode-llm.ts'
import { LlmBlueprint } from './llm-schema.ts'
import { runs } from '../../../test/support/random.ts'

/** Everything that the contract allows, and more than the linter does: names need not refer to anything. */
const words = (maxLength: number) => fc.string({ unit: 'grapheme', maxLength: Math.min(maxLength, 40) })
const pascal = fc.stringMatching(/^[A-Z][a-zA-Z0-9]{0,12}$/)
const rowName = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,12}$/)
const camel = fc.stringMatching(/^[a-z][a-zA-Z0-9]{0,12}$/)
const label = words(200)
  .map((text) => text.trim())
  .filter((text) => text !== '')
const segment = fc.stringMatching(/^[a-zA-Z0-9][a-zA-Z0-9._~-]{0,9}$/)
// JSON has no negative zero.
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)
const integer = fc.maxSafeInteger()

/** Every shape that the contract knows, except an object without properties. */
const bounds = <Kind extends string>(kind: fc.Arbitrary<Kind>, bound: fc.Arbitrary<number>) =>
  fc.record({ kind, nullable: fc.boolean(), min: bound, max: bound }, { requiredKeys: ['kind', 'nullable'] })
const anyPlain: fc.Arbitrary<Shape> = fc.oneof(
  bounds(fc.constantFrom(...PLAIN_KINDS), number),
  fc.record({
    kind: fc.constant('string' as const),
    nullable: fc.boolean(),
    pattern: words(40).filter((text) => text !== ''),
  }),
  fc.record({
    kind: fc.constant('enum' as const),
    values: fc.array(fc.string({ minLength: 1, maxLength: 80 }), { minLength: 1, maxLength: 4 }),
    nullable: fc.boolean(),
  }),
)
const propertyName = fc.stringMatching(/^[a-zA-Z0-9_$@.:[\]-]{1,12}$/)
const describedBy = (shape: fc.Arbitrary<Shape>) =>
  fc
    .record({
      name: propertyName,
      shape,
      required: fc.boolean(),
      description: label,
      value: fc.option(fc.oneof(number, fc.boolean(), words(40))),
    })
    .map(({ value, ...made }): ShapeProperty => {
      const wanted = { integer: 'number', number: 'number', boolean: 'boolean' }[made.shape.kind as string]
      const fits = value !== null && typeof value === (wanted ?? 'string')
      return { ...made, ...(fits && { default: value }) }
    })
const anyShape: fc.Arbitrary<Shape> = fc.letrec<{ shape: Shape }>((tie) => ({
  shape: fc.oneof(
    { maxDepth: 3 },
    anyPlain,
    fc.record({ kind: fc.constant('any' as const), nullable: fc.boolean() }),
    fc.record({ kind: fc.constant('entity' as const), entity: pascal, nullable: fc.boolean() }),
    fc.record({ kind: fc.constant('record' as const), values: tie('shape'), nullable: fc.boolean() }),
    fc.record(
      {
        kind: fc.constant('array' as const),
        items: tie('shape'),
        nullable: fc.boolean(),
        min: fc.nat(100),
        max: fc.nat(100),
      },
      { requiredKeys: ['kind', 'items', 'nullable'] },
    ),
    fc.record({
      kind: fc.constant('object' as const),
      properties: fc.uniqueArray(describedBy(tie('shape')), {
        minLength: 1,
        maxLength: 4,
        selector: ({ name }) => name,
      }),
      nullable: fc.boolean(),
    }),
  ),
})).shape
const anyList = (shape: fc.Arbitrary<Shape>) =>
  fc.uniqueArray(describedBy(shape), { maxLength: 3, selector: ({ name }) => name })
const anyStatus = fc.integer({ min: 200, max: 399 })
const anySuccess: fc.Arbitrary<Success> = fc.oneof(
  fc.record({ kind: fc.constant('json' as const), status: anyStatus, shape: anyShape }),
  fc.record({
    kind: fc.constantFrom('html' as const, 'none' as const, 'redirect' as const),
    status: anyStatus,
  }),
  fc.record(
    {
      kind: fc.constantFrom('text' as const, 'binary' as const),
      status: anyStatus,
      mediaType: fc.constant('text/csv'),
    },
    { requiredKeys: ['kind', 'status'] },
  ),
)
const anyOperation = fc
  .record({
    query: anyList(
      fc.oneof(
        anyPlain,
        fc.record({ kind: fc.constant('array' as const), items: anyPlain, nullable: fc.constant(false) }),
      ),
    ),
    headers: fc.uniqueArray(
      fc.record({
        name: fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/),
        shape: anyPlain,
        required: fc.boolean(),
      }),
      { minLength: 1, maxLength: 3, selector: ({ name }) => name },
    ),
    body: fc.option(anyShape),
    success: anySuccess,
    others: fc.option(fc.array(anySuccess, { minLength: 1, maxLength: 3 }), { nil: undefined }),
  })
  .map(({ success, others, ...made }): CustomOperation => ({
    ...todoWithComplete.operations[0]!,
    ...made,
    responses: { success, ...(others && { others }), errors: [] },
  }))

const typed: fc.Arbitrary<{ type: FieldType; value: string | number | boolean }> = fc.oneof(
  fc.record({
    type: fc.record(
      {
        kind: fc.constant('string' as const),
        maxLength: fc.integer({ min: 1, max: 100_000 }),
        pattern: words(40).filter((text) => text !== ''),
      },
      { requiredKeys: ['kind'] },
    ),
    value: words(40),
  }),
  fc.record({
    type: fc.record({ kind: fc.constantFrom('text', 'email', 'url', 'date', 'datetime') }),
    value: words(40),
  }),
  fc.record({
    type: fc.record(
      { kind: fc.constant('integer' as const), min: integer, max: integer },
      { requiredKeys: ['kind'] },
    ),
    value: integer,
  }),
  fc.record({
    type: fc.record(
      { kind: fc.constant('number' as const), min: number, max: number },
      { requiredKeys: ['kind'] },
    ),
    value: number,
  }),
  fc.record({ type: fc.constant({ kind: 'uuid' as const }), value: words(40) }),
  fc.record({ type: fc.constant({ kind: 'boolean' as const }), value: fc.boolean() }),
  fc.record({
    type: fc.record({
      kind: fc.constant('json' as const),
      shape: anyShape,
    }),
    value: words(40),
  }),
  fc.record({
    type: fc.record({
      kind: fc.constant('enum' as const),
      values: fc.array(fc.string({ minLength: 1, maxLength: 80 }), { minLength: 1, maxLength: 5 }),
    }),
    value: words(40),
  }),
)

const anyField = fc
  .record(
    {
      name: rowName,
      label,
      typed,
      required: fc.boolean(),
      unique: fc.boolean(),
      unset: fc.constant('omitted' as const),
      hasDefault: fc.boolean(),
      hasExample: fc.boolean(),
      description: words(500),
    },
    { requiredKeys: ['name', 'label', 'typed', 'required', 'unique', 'hasDefault', 'hasExample'] },
  )
  .map(({ typed: { type, value }, hasDefault, hasExample, ...rest }) =>
    Object.assign(rest, { type }, hasDefault && { default: value }, hasExample && { example: value }),
  )

const anyEntity = fc.record(
  {
    name: pascal,
    plural: pascal,
    label,
    labelPlural: label,
    description: words(1000),
    path: fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => `/${segments.join('/')}`),
    fields: fc.array(anyField, { maxLength: 6 }),
    belongsTo: fc.array(
      fc.record(
        {
          name: camel,
          property: rowName,
          label,
          target: pascal,
          required: fc.boolean(),
          unique: fc.boolean(),
          onDelete: fc.constantFrom('cascade', 'restrict', 'setNull'),
        },
        { requiredKeys: ['name', 'label', 'target', 'required', 'unique', 'onDelete'] },
      ),
      { maxLength: 3 },
    ),
    key: fc.record({ name: rowName, kind: fc.constantFrom('uuid', 'integer', 'text') }),
    stamps: fc.record({ created: fc.option(rowName), updated: fc.option(rowName) }),
    operations: fc.subarray(Operation.options),
    access: fc.record({
      read: fc.constantFrom(...Access.options),
      write: fc.constantFrom(...Access.options),
    }),
    owner: camel,
  },
  {
    requiredKeys: [
      'name',
      'plural',
      'label',
      'labelPlural',
      'path',
      'fields',
      'belongsTo',
      'operations',
      'access',
    ],
  },
)

const anySchedule = fc.record({
  id: camel,
  description: label,
  rules: fc.array(label, { minLength: 1, maxLength: 3 }),
  when: arbitraryWhen,
})

const anyBlueprint = fc.record({
  version: fc.constant(1 as const),
  name: fc.stringMatching(/^[a-z][a-z0-9]{0,9}(-[a-z0-9]{1,9}){0,3}$/),
  title: label,
  description: words(2000),
  auth: fc.oneof(
    fc.constant({ kind: 'none' as const }),
    fc.record({ kind: fc.constant('jwt' as const), account: pascal }),
    fc.record(
      { kind: fc.constant('apiKey' as const), header: fc.constantFrom('X-Client', 'key') },
      { requiredKeys: ['kind'] },
    ),
  ),
  entities: fc.array(anyEntity, { minLength: 1, maxLength: 4 }),
  manyToMany: fc.array(fc.record({ left: pascal, right: pascal }), { maxLength: 3 }),
  operations: fc.array(anyOperation, { maxLength: 2 }),
  schedules: fc.array(anySchedule, { maxLength: 3 }),
})

/** The one shape that a model cannot say: what has no members may hold anything. */
const opened = <T>(value: T): T =>
  JSON.parse(
    JSON.stringify(value),
    (_name, part: { kind?: string; properties?: unknown[]; nullable: boolean }) =>
      part?.kind === 'object' && part.properties?.length === 0
        ? { kind: 'record', values: { kind: 'any', nullable: true }, nullable: part.nullable }
        : part,
  )

it('operations, tasks and services arrive as they were sent, with all of their shapes', () => {
  fc.assert(
    fc.property(arbitraryBlueprint(), (drawn) => {
      const operations = [
        ...drawn.operations,
        ...todoWithComplete.operations,
        ...shopWithCheckout.operations,
        priceIn,
      ]
      const sent = Blueprint.parse({ ...drawn, operations })
      const wire = JSON.stringify(toLlm(sent))
      const { candidate, dropped } = toBlueprint(LlmBlueprint.parse(JSON.parse(wire)))
      const { operations: arrived, schedules, services } = Blueprint.parse(candidate)
      expect({ arrived, schedules, services }).toEqual({
        arrived: opened(sent.operations),
        schedules: sent.schedules,
        services: opened(sent.services),
      })
      expect(dropped).toEqual([])
    }),
    { numRuns: runs(25) },
  )
})

it('a blueprint arrives as it was sent, whatever the contract allows', () => {
  fc.assert(
    fc.property(anyBlueprint, (sent) => {
      const blueprint = Blueprint.parse(sent)
      const wire = JSON.stringify(toLlm(blueprint))
      const { candidate, dropped } = toBlueprint(LlmBlueprint.parse(JSON.parse(wire)))
      expect(Blueprint.parse(candidate)).toEqual(blueprint)
      expect(dropped).toEqual([])
    }),
    { numRuns: runs(120) },
  )
})

it('of wild words, nothing is left to object to but names and paths without a letter', () => {
  const text = fc.oneof(words(40), fc.string({ unit: 'binary', maxLength: 300 }))
  const texts = fc.record({
    name: text,
    plural: text,
    label: text,
    labelPlural: text,
    path: text,
    field: text,
  })
  fc.assert(
    fc.property(anyBlueprint, texts, (sent, { field, ...wild }) => {
      const llm = toLlm(Blueprint.parse(sent))
      llm.title = wild.label
      llm.name = wild.name
      llm.accountEntity = wild.name
      for (const entity of llm.entities) {
        Object.assign(entity, wild)
        for (const each of entity.fields)
          Object.assign(each, { name: field, label: wild.label, description: field })
      }
      const { candidate } = toBlueprint(LlmBlueprint.parse(llm))
      const objections = Blueprint.safeParse(candidate).error?.issues ?? []
      const nameless = ['name', 'plural', 'label', 'labelPlural', 'title', 'path', 'account']
      expect(nameless).toEqual(expect.arrayContaining(objections.map(({ path }) => path.at(-1))))
    }),
    { numRuns: runs(80) },
  )
})
