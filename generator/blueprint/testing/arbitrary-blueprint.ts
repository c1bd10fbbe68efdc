import * as fc from 'fast-check'
import {
  Operation,
  relationProperty,
  type RowCondition,
  type Auth,
  type BelongsTo,
  type Blueprint,
  type CrudBinding,
  type CustomOperation,
  type Entity,
  type Field,
  type FieldType,
  type Policy,
  type Shape,
  type ShapeProperty,
} from '#contract'
import { rowProperties, type RowProperty } from '../lint/row-properties.ts'
import { needsOwner } from '../lint/policies.ts'
import { lintBlueprint } from '../lint-blueprint.ts'
import { withSeeds } from '../../stacks/testing/with-seeds.ts'
import { arbitraryConfig } from './arbitrary-extras.ts'
import { drawnParts, withDocumentParts } from './arbitrary-document-parts.ts'
import { drawnKey, withForeignKey } from './arbitrary-foreign-keys.ts'
import { arbitraryServices, withUses } from './arbitrary-services.ts'
import { arbitraryHelpers, withHelpers } from './arbitrary-helpers.ts'
import { arbitrarySchedules } from './arbitrary-schedules.ts'
import { patternSamples } from '../text-pattern.ts'
import { pluralName, toCamel, toKebab, toSnake } from '../words.ts'

/**
 * Random Blueprints that are valid and lint-free, for tests of their consumers:
 * 1–6 entities, every type of field, relations of all rules, many-to-many, sign-in with owners, names
 * that are reserved words, custom operations of every shape and response, scheduled tasks, shared helpers, and labels that try to escape every language they are printed in.
 */
export const arbitraryBlueprint = (): fc.Arbitrary<Blueprint> => started(usualBlueprint())

function usualBlueprint(): fc.Arbitrary<Blueprint> {
  return fc
    .uniqueArray(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 6 })
    .chain((names) =>
      fc.tuple(
        fc.constant(names),
        fc.tuple(...names.map((_, at) => entity(names, at))),
        settings(),
        fc.uniqueArray(fc.constantFrom(...OPERATION_IDS), { maxLength: 3 }),
        fc.tuple(operation(names), operation(names), operation(names)),
        arbitraryConfig(label()),
        arbitrarySchedules(line()),
        arbitraryServices(line(), root([])),
        fc.tuple(arbitraryHelpers(line()), fc.array(fc.nat(255), { minLength: 6, maxLength: 6 })),
      ),
    )
    .map(
      ([
        names,
        entities,
        { auth, title, description, links, policies },
        ids,
        drafts,
        config,
        schedules,
        services,
        [helpers, setters],
      ]) => {
        const account = signIn(auth, names)
        const draft: Blueprint = {
          version: 1,
          name: `${toKebab(names[0]!)}-api`,
          title,
          description,
          auth: account,
          entities: entities.map((one, at) =>
            withAccess(withSetters(withPolicies(one, policies, account), account, setters[at]!), account),
          ),
          manyToMany: pairs(names, links),
          operations: withUses(
            ids.map((id, at) => withId(drafts[at]!, id, account)),
            services,
          ),
          config,
          seeds: [],
          schedules: withUses(schedules, services),
          services,
        }
        return lintBlueprint(withHelpers(draft, helpers))
      },
    )
    .filter(({ diagnostics }) => diagnostics.every(({ severity }) => severity === 'fixed'))
    .map(({ blueprint }) => blueprint)
}

/** Half of them have seeds. */
function started(blueprints: fc.Arbitrary<Blueprint>): fc.Arbitrary<Blueprint> {
  return fc
    .tuple(blueprints, fc.infiniteStream(fc.nat(99)), fc.infiniteStream(label()))
    .map(([blueprint, dice, texts]) =>
      withSeeds(blueprint, {
        roll: (percent) => dice.next().value < percent,
        texts: () => texts.next().value,
      }),
    )
}

/** The same, with rows as in documents: keys, timestamps, tables and properties of any name, and JSON. */
export const arbitraryExactBlueprint = (): fc.Arbitrary<Blueprint> => started(exactBlueprint())

function exactBlueprint(): fc.Arbitrary<Blueprint> {
  const row = fc.record({
    key: fc.option(
      fc.record({
        name: fc.constantFrom('id', 'ID', 'row_id', 'key', 'Row-No', 'row key'),
        kind: fc.constantFrom('uuid' as const, 'integer' as const, 'text' as const),
      }),
      { nil: undefined },
    ),
    stamps: fc.option(
      fc.record({
        created: fc.constantFrom('created_at', 'CreatedOn', 'created on', null),
        updated: fc.constantFrom('updated_at', 'last-change', null),
      }),
      { nil: undefined },
    ),
    isNamed: fc.boolean(),
    json: fc.option(shape([], 2), { nil: undefined }),
    operations: fc.constantFrom('all' as const, 'read' as const),
    unset: fc.boolean(),
  })
  return fc
    .tuple(usualBlueprint(), fc.array(row, { minLength: 6, maxLength: 6 }))
    .map(([blueprint, rows]) => {
      // A sign-in of its own is an operation.
      const hasOwnRoutes = rows[0]!.unset && blueprint.operations.length > 0
      const isNumbered = ({ name }: Entity) =>
        blueprint.auth.kind === 'jwt' && hasOwnRoutes && name === blueprint.auth.account
      return lintBlueprint({
        ...blueprint,
        auth:
          blueprint.auth.kind === 'apiKey' && rows[0]!.isNamed
            ? { kind: 'apiKey', header: 'X-Client_Key' }
            : blueprint.auth.kind === 'jwt' && hasOwnRoutes
              ? { ...blueprint.auth, ownRoutes: true }
              : blueprint.auth,
        entities: blueprint.entities.map((made, at): Entity => {
          const { key, stamps, isNamed, json, operations, unset } = rows[at]!
          return compact({
            ...made,
            // Only an API with a sign-in of its own may number its accounts.
            key: isNumbered(made) ? { name: 'id', kind: 'integer' } : key,
            stamps,
            table: isNamed ? `${unset ? 'T of ' : 'T_'}${made.name}` : undefined,
            operations:
              operations === 'read'
                ? made.operations.filter((one) => one !== 'create' && one !== 'update')
                : made.operations,
            // The properties of relations have other names here.
            indexes: isNamed ? undefined : made.indexes,
            belongsTo: made.belongsTo.map((one) => ({
              ...one,
              ...(isNamed && { property: `${toSnake(one.name)}${unset ? ' ' : '_'}ID` }),
              ...(unset && { ownOnly: true }),
            })),
            fields: [
              ...made.fields.map((one) =>
                unset && !one.required && one.default === undefined
                  ? { ...one, unset: 'omitted' as const }
                  : one,
              ),
              ...(json === undefined
                ? []
                : [
                    {
                      name: 'extra_JSON',
                      label: 'Extra',
                      type: { kind: 'json' as const, shape: { ...json, nullable: false } },
                      required: unset,
                      unique: false,
                    },
                  ]),
            ],
          }) as Entity
        }),
      })
    })
    .filter(({ diagnostics }) => diagnostics.every(({ severity }) => severity === 'fixed'))
    .map(({ blueprint }) => blueprint)
    .chain((blueprint) =>
      fc.tuple(
        fc.constant(blueprint),
        fc.array(fc.record({ isKept: fc.boolean(), isWrapped: fc.boolean() }), {
          minLength: 6,
          maxLength: 6,
        }),
        drawnKey(),
        fc.array(drawnParts(), { maxLength: 4 }),
      ),
    )
    .map(([drawn, choices, key, parts]) => {
      const { blueprint } = lintBlueprint(withForeignKey(drawn, key))
      const account = blueprint.auth.kind === 'jwt' ? blueprint.auth.account : undefined
      const operations = blueprint.entities.flatMap((one, at) =>
        // Bodies of requests that a document states refer to no other row.
        choices[at]!.isKept && one.name !== account && one.foreignKeys === undefined
          ? keptOperations(one, blueprint, choices[at]!.isWrapped)
          : [],
      )
      const linted = lintBlueprint({ ...blueprint, operations: [...blueprint.operations, ...operations] })
      const wrong = linted.diagnostics.find(({ severity }) => severity === 'error')
      if (wrong) throw new Error(`${wrong.what} ${JSON.stringify(blueprint)}`)
      return withDocumentParts(linted.blueprint, parts)
    })
}

/** Every CRUD operation of an entity, at custom paths. */
function keptOperations(entity: Entity, blueprint: Blueprint, isWrapped: boolean): CustomOperation[] {
  const path = `/kept-${toKebab(entity.name)}`
  const row = rowProperties(entity, blueprint)
  const key = row[0]!
  const shapeOf = (isPartial: boolean, properties: readonly RowProperty[]): Shape => ({
    kind: 'object',
    nullable: false,
    properties: properties.map(({ name, shape, isAlwaysThere, hasDefault }) => ({
      name,
      shape,
      required: isAlwaysThere && !(isPartial || (isWrapped && (hasDefault || shape.nullable))),
    })),
  })
  const body = (isPartial: boolean) =>
    shapeOf(
      isPartial,
      row.filter(({ isAutomatic }) => !isAutomatic),
    )
  const one: Shape = isWrapped
    ? { kind: 'entity', entity: entity.name, nullable: false }
    : shapeOf(false, row)
  const object = (name: string, inner: Shape): Shape => ({
    kind: 'object',
    nullable: false,
    properties: [{ name, shape: inner, required: true }],
  })
  const answer = (inner: Shape, name: string): Shape => (isWrapped ? object(name, inner) : inner)
  const at = (name: string) => (isWrapped ? [name] : [])
  const make = (
    action: CrudBinding['action'],
    method: CustomOperation['method'],
    status: number,
    given: Shape | null,
  ): CustomOperation => {
    const isAboutOne = action !== 'list' && action !== 'create'
    const holds = action === 'list' ? 'rows' : 'row'
    const shape: Shape = action === 'list' ? { kind: 'array', items: one, nullable: false } : one
    const isSilent = status === 204
    return {
      id: `${action}Kept${entity.name}`,
      entity: entity.name,
      method,
      path: isAboutOne ? `${path}/:the_key` : path,
      summary: `${action} ${entity.label}`,
      rules: [entity.label],
      params: isAboutOne ? [{ name: 'the_key', shape: key.shape, required: true }] : [],
      query: [],
      body: given,
      responses: {
        success: isSilent ? { kind: 'none', status } : { kind: 'json', status, shape: answer(shape, 'data') },
        errors: [],
      },
      access: 'public',
      examples: [],
      implementation: {
        kind: 'crud',
        entity: entity.name,
        action,
        row: isAboutOne ? { in: 'path', name: 'the_key', property: key.name } : null,
        scope: [],
        bodyAt: given ? at('new') : [],
        query: [],
        answer: isSilent ? [] : [{ at: at('data'), holds }],
      },
    }
  }
  const wrap = (inner: Shape): Shape => (isWrapped ? object('new', inner) : inner)
  return [
    make('list', 'GET', 200, null),
    make('create', 'POST', 201, wrap(body(false))),
    make('read', 'GET', 200, null),
    make('replace', 'PUT', isWrapped ? 200 : 204, wrap(body(false))),
    make('update', 'PATCH', 200, wrap(body(true))),
    make('delete', 'DELETE', isWrapped ? 200 : 204, null),
  ]
}

const NAMES = `User Order Class Function Object Date Error Promise Group Table Index Series Person OrderItem
  UserPost Page Package Interface Map Symbol Select Default Delete Child Api Zadacha News Con Value
  Option Column Config Session Row A X1`.split(/\s+/)

/** Names of documents that are no identifiers. */
const OUTER_NAMES = [
  'first name',
  'X-Rate',
  'content-type',
  'Size (GB)',
  'größe',
  '@type',
  '2nd',
  'a & b',
  '50%',
  '商品',
]

const FIELD_NAMES =
  `title name class function order group select from default delete new return length index key value
  values type limit offset sort page q filter where isActive dueDate isbn13 a x1
  veryLongNameOfAFieldThatNobodyWouldEverReallyTypeButMay await async enum this null true undefined
  body params query request reply rowid userId2 ownerName`
    .split(/\s+/)
    .concat(OUTER_NAMES)

const RELATION_NAMES = ['parent', 'class', 'author', 'order', 'group', 'default', 'assignee', 'mainOne']

const OPERATION_IDS = `complete delete await checkout notFound request handle apiError listRoutes con x
  exportAll import default orderRoutes veryLongNameOfAnOperationThatNobodyWouldEverTypeButMay`.split(/\s+/)

/** Text that would end strings, comments, tags and fences too early. */
const HOSTILE = [
  'Plain',
  'größe',
  '商品',
  'задача',
  '🚀 launch',
  "it's",
  'say "hi"',
  '`tick`',
  '${injected}',
  '*/ end',
  '/* open',
  '// line',

  '<script>alert(1)</script>',
  '-- drop',
  "'; DROP TABLE users; --",
  'back\\slash',
  'a\nb',
  'tab\there',
  '| pipe |',
  '# head',
  '{{x}}',

  '```js',
  '\u2028line',
  '%s %d',
  '$& $1',
  '</textarea>',
  'null',
  '[link](javascript:x)',
  ': yaml',
  '\u202Eright-to-left',
  '.',
  '###',
]

const label = (): fc.Arbitrary<string> =>
  fc
    .oneof(
      { weight: 3, arbitrary: fc.constantFrom('Title', 'Due date', 'Name of it') },
      { weight: 2, arbitrary: fc.constantFrom(...HOSTILE) },
      {
        weight: 1,
        arbitrary: fc
          .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
          .filter((text) => text.trim() !== ''),
      },
    )
    .map((text) => text.trim())

const line = (): fc.Arbitrary<string> => label().map((text) => text.replace(/[\r\n]+/g, ' '))

function type(): fc.Arbitrary<FieldType> {
  const bounds = <T extends number>(value: fc.Arbitrary<T>) =>
    fc.option(
      fc.tuple(value, value).map(([a, b]) => ({ min: Math.min(a, b), max: Math.max(a, b) })),
      { nil: {} },
    )
  return fc.oneof(
    fc.constantFrom<FieldType>(
      { kind: 'string' },
      { kind: 'text' },
      { kind: 'boolean' },
      { kind: 'date' },
      { kind: 'datetime' },
      { kind: 'email' },
      { kind: 'url' },
    ),
    fc.constantFrom(...PATTERNS).map((pattern): FieldType => ({ kind: 'string', pattern })),
    fc
      .tuple(fc.constantFrom('string' as const, 'text' as const), fc.integer({ min: 1, max: 300 }))
      .map(([kind, maxLength]): FieldType => ({ kind, maxLength })),
    bounds(fc.integer({ min: -1000, max: 1000 })).map((range): FieldType =>
      Object.assign({ kind: 'integer' as const }, range),
    ),
    bounds(someNumber()).map((range): FieldType => Object.assign({ kind: 'number' as const }, range)),
    fc
      .uniqueArray(line(), { minLength: 1, maxLength: 5 })
      .map((values): FieldType => ({ kind: 'enum', values })),
  )
}

/** With many values and with few, anchored and not, and with what must be escaped in code. */
const PATTERNS = ['^[A-Z]{2,4}-[0-9]{4}$', '^#[0-9a-f]{6}$', '^(small|large)$', '[0-9]', '^a/b\\\\[`$]{2,}$']

/** Mostly realistic limits; sometimes the extremes of numbers. */
const someNumber = (): fc.Arbitrary<number> =>
  fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: -1_000_000, max: 1_000_000 }).map((cents) => cents / 100) },
    { weight: 4, arbitrary: fc.integer({ min: -20, max: 20 }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(5e-324, 1 - Number.EPSILON, 1e15, 1e20, -1e20, Number.MAX_VALUE),
    },
    {
      weight: 1,
      arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
    },
  )

/** A valid value of the type. */
function valueOf(kind: FieldType): fc.Arbitrary<string | number | boolean> {
  switch (kind.kind) {
    case 'string':
      if (kind.pattern !== undefined)
        return fc.constantFrom(...patternSamples({ ...kind, pattern: kind.pattern }, 5))
      return line().map((text) => text.slice(0, kind.maxLength).toWellFormed())
    case 'text':
      return label().map((text) => text.slice(0, kind.maxLength).toWellFormed())
    case 'integer':
      return fc.integer({ min: kind.min ?? -1000, max: kind.max ?? 1000 })
    case 'number':
      return fc
        .double({ min: kind.min ?? -1000, max: kind.max ?? 1000, noNaN: true })
        .map((value) => value + 0)
    case 'boolean':
      return fc.boolean()
    case 'date':
      return fc.constantFrom('2026-02-28', '2024-02-29', '1999-12-31')
    case 'datetime':
      return fc.constantFrom('2026-05-04T09:00:00Z', '2026-05-04T11:00:00.250+02:00')
    case 'email':
      return fc.constantFrom('grace@example.com', 'a.b+c@sub.example.org')
    case 'url':
      return fc.constantFrom('https://example.com', 'https://example.org/a?b=c&d=%20#e')
    case 'uuid':
      return fc.uuid()
    case 'enum':
      return fc.constantFrom(...kind.values)
    case 'json':
      throw new Error('JSON fields have no generated value')
  }
}

function field(name: string): fc.Arbitrary<Field> {
  return type().chain((kind) =>
    fc
      .record({
        name: fc.constant(name),
        label: label(),
        type: fc.constant(kind),
        required: fc.boolean(),
        blank: ['string', 'text'].includes(kind.kind)
          ? fc.option(fc.constant(true as const), { nil: undefined, freq: 3 })
          : fc.constant(undefined),
        unique: fc.boolean().map((unique) => unique && kind.kind !== 'boolean'),
        default: fc.option(valueOf(kind), { nil: undefined, freq: 3 }),
        example: fc.option(valueOf(kind), { nil: undefined }),
        description: fc.option(label(), { nil: undefined }),
      })
      .map((made) => compact(made) as Field),
  )
}

function relation(name: string, names: readonly string[], at: number): fc.Arbitrary<BelongsTo> {
  return fc
    .record({
      target: fc.constantFrom(...names),
      label: label(),
      required: fc.boolean(),
      unique: fc.boolean(),
      onDelete: fc.constantFrom('cascade', 'restrict', 'setNull'),
    })
    .map(({ target, required, onDelete, ...rest }) => {
      // Only earlier entities may be required, so there is no cycle. The first is the account: it may
      // require the second.
      const rank = (position: number) => (position === 0 ? 1.5 : position)
      const must = required && rank(names.indexOf(target)) < rank(at)
      return {
        name,
        ...rest,
        target,
        required: must,
        onDelete: must && onDelete === 'setNull' ? 'restrict' : onDelete,
      }
    })
}

function entity(names: readonly string[], at: number): fc.Arbitrary<Entity> {
  const name = names[at]!
  return fc
    .record({
      fields: fc
        .uniqueArray(fc.constantFrom(...FIELD_NAMES), { maxLength: 6 })
        .chain((chosen) => fc.tuple(...chosen.map((one) => field(one)))),
      belongsTo: fc
        .uniqueArray(fc.constantFrom(...RELATION_NAMES), { maxLength: 3 })
        .chain((chosen) => fc.tuple(...chosen.map((one) => relation(one, names, at)))),
      operations: fc.oneof(
        { weight: 3, arbitrary: fc.constant([...Operation.options]) },
        { weight: 1, arbitrary: fc.subarray([...Operation.options], { minLength: 1 }) },
      ),
      access: fc.record({
        read: fc.constantFrom('public', 'authenticated', 'owner'),
        write: fc.constantFrom('public', 'authenticated', 'owner'),
      }),
      label: label(),
      labelPlural: label(),
      description: fc.option(label(), { nil: undefined }),
      indexed: fc.record({ from: fc.nat(7), count: fc.nat(3), unique: fc.boolean(), limit: fc.nat(9) }),
      prefix: fc.constantFrom('', '', '', '/api', '/v1.0', '/x~y'),
    })
    .map(
      ({ prefix, indexed, ...made }) =>
        compact({
          name,
          plural: pluralName(name),
          path: `${prefix}/${toKebab(pluralName(name))}`,
          ...made,
          indexes: indexesOf(made, indexed),
        }) as Entity,
    )
}

/** Mostly neighbouring properties: one field and one relation, two fields, or two relations. */
function indexesOf(
  made: Pick<Entity, 'fields' | 'belongsTo'>,
  { from, count, unique, limit }: { from: number; count: number; unique: boolean; limit: number },
): Entity['indexes'] {
  const { fields, belongsTo } = made
  const names = [...fields.map(({ name }) => name), ...belongsTo.map(relationProperty)]
  const properties = names.slice(from % Math.max(1, names.length)).slice(0, count)
  if (properties.length === 0) return undefined
  const where = conditionOf(made, limit)
  const texts = fields.filter(
    ({ name, type }) => properties.includes(name) && ['string', 'text'].includes(type.kind),
  )
  return [
    {
      properties,
      unique,
      ...(where && { where: [where] }),
      ...(limit === 5 && texts.length > 0 && { ignoreCase: texts.map(({ name }) => name) }),
    },
  ]
}

/** Of some rows, in a few cases. */
function conditionOf(
  { fields, belongsTo }: Pick<Entity, 'fields' | 'belongsTo'>,
  limit: number,
): RowCondition | undefined {
  const open = fields.find(
    ({ required, type, default: value }) => !required && value === undefined && type.kind !== 'json',
  )
  if (limit === 6 && open) return { property: open.name, is: 'null' }
  const reference = belongsTo.find(({ required }) => !required)
  if (limit === 7 && reference) return { property: relationProperty(reference), is: 'notNull' }
  const flag = fields.find(({ type }) => type.kind === 'boolean')
  if (limit === 8 && flag) return { property: flag.name, is: 'equal', value: true }
  const choice = fields.flatMap(({ name, type }) =>
    type.kind === 'enum' ? [{ name, value: type.values[0]! }] : [],
  )[0]
  return limit === 9 && choice ? { property: choice.name, is: 'notEqual', value: choice.value } : undefined
}

function shape(names: readonly string[], depth: number): fc.Arbitrary<Shape> {
  const nullable = fc.boolean()
  const leaves: fc.Arbitrary<Shape>[] = [
    fc.record({ kind: fc.constantFrom('string', 'integer', 'number', 'boolean', 'uuid'), nullable }),
    fc.record({ kind: fc.constantFrom('date', 'datetime', 'email', 'url'), nullable }),
    fc.record({
      kind: fc.constant('enum'),
      values: fc.uniqueArray(line(), { minLength: 1, maxLength: 3 }),
      nullable,
    }),
    ...(names.length > 0
      ? [fc.record({ kind: fc.constant('entity' as const), entity: fc.constantFrom(...names), nullable })]
      : []),
  ]
  if (depth === 0) return fc.oneof(...leaves)
  return fc.oneof(
    ...leaves,
    fc.record({ kind: fc.constant('array'), items: shape(names, depth - 1), nullable }),
    fc.record({
      kind: fc.constant('object'),
      properties: properties(() => shape(names, depth - 1)),
      nullable,
    }),
  )
}

/** Any JSON value. */
const root = (names: readonly string[]): fc.Arbitrary<Shape> =>
  shape(names, 2)
    .filter(({ kind }) => ['object', 'array', 'entity'].includes(kind))
    .map((one) => ({ ...one, nullable: false }))

const PROPERTY_NAMES = [
  'total',
  'class',
  'snake_case',
  'items',
  'default',
  'A1',
  'length',
  'then_',
  'last name',
  'page[size]',
]

function properties(inner: () => fc.Arbitrary<Shape>): fc.Arbitrary<ShapeProperty[]> {
  return fc.uniqueArray(fc.constantFrom(...PROPERTY_NAMES), { maxLength: 4 }).chain((chosen) =>
    fc.tuple(
      ...chosen.map((name) =>
        fc
          .record({
            name: fc.constant(name),
            shape: inner(),
            required: fc.boolean(),
            description: fc.option(label(), { nil: undefined }),
          })
          .map((made) => compact(made)),
      ),
    ),
  )
}

const plain = (): fc.Arbitrary<Shape> =>
  fc.oneof(
    fc.record({
      kind: fc.constant('string'),
      nullable: fc.constant(false),
      pattern: fc.constantFrom(...PATTERNS),
    }),
    fc.record({
      kind: fc.constantFrom('string', 'integer', 'number', 'boolean', 'uuid', 'date', 'datetime', 'email'),
      nullable: fc.constant(false),
    }),
    fc.record({
      kind: fc.constant('enum'),
      values: fc.uniqueArray(line(), { minLength: 1, maxLength: 3 }),
      nullable: fc.constant(false),
    }),
  )

const HEADER_NAMES = ['x-signature', 'idempotency-key', 'if-match', 'class', 'user-agent']
const USER_AGENT: Shape = { kind: 'string', nullable: false }

const headers = (): fc.Arbitrary<NonNullable<CustomOperation['headers']>> =>
  fc.uniqueArray(fc.constantFrom(...HEADER_NAMES), { minLength: 1, maxLength: 3 }).chain((chosen) =>
    fc.tuple(
      ...chosen.map((name) =>
        fc
          .record({
            name: fc.constant(name),
            shape: plain().filter(({ kind }) => kind !== 'enum'),
            required: fc.boolean(),
            description: fc.option(label(), { nil: undefined }),
          })
          .map(({ shape, ...made }) =>
            // Clients send one of their own where none is given, and it may be any text.
            compact({ ...made, shape: name === 'user-agent' ? USER_AGENT : shape }),
          ),
      ),
    ),
  )

/** Further success responses, with statuses that the first one does not have. */
const otherSuccesses = (names: readonly string[]) =>
  fc.uniqueArray(
    fc.oneof(
      fc.record({
        kind: fc.constant('json' as const),
        status: fc.constantFrom(206, 207),
        shape: root(names),
      }),
      fc.record({ kind: fc.constantFrom('html' as const, 'text' as const), status: fc.constant(203) }),
      fc.record({ kind: fc.constantFrom('none' as const, 'redirect' as const), status: fc.constant(302) }),
    ),
    { minLength: 1, maxLength: 3, selector: ({ status }) => status },
  )

type OperationDraft = Omit<CustomOperation, 'id' | 'path'>

function operation(names: readonly string[]): fc.Arbitrary<OperationDraft> {
  const status = fc.constantFrom(200, 201, 202)
  return fc
    .record({
      entity: fc.option(fc.constantFrom(...names), { nil: undefined }),
      method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE'),
      summary: label(),
      rules: fc.array(label(), { minLength: 1, maxLength: 3 }),
      params: fc
        .uniqueArray(fc.constantFrom('id', 'day', 'class'), { maxLength: 2 })
        .chain((chosen) =>
          fc.tuple(
            ...chosen.map((name) =>
              fc.record({ name: fc.constant(name), shape: plain(), required: fc.constant(true) }),
            ),
          ),
        ),
      query: properties(plain),
      headers: fc.option(headers(), { nil: undefined }),
      body: fc.option(
        fc.record({
          kind: fc.constant('object' as const),
          properties: properties(() => shape([], 2)),
          nullable: fc.constant(false),
        }),
        { nil: null },
      ),
      responses: fc.record({
        success: fc.oneof(
          fc.record({ kind: fc.constant('json' as const), status, shape: root(names) }),
          fc.record({ kind: fc.constantFrom('html' as const, 'text' as const, 'binary' as const), status }),
          fc.record({ kind: fc.constant('none' as const), status: fc.constant(204) }),
          fc.record({ kind: fc.constant('redirect' as const), status: fc.constantFrom(303, 307) }),
        ),
        others: fc.option(otherSuccesses(names), { nil: undefined }),
        errors: fc.uniqueArray(
          fc.record({
            status: fc.constantFrom(402, 403, 404, 409, 418, 422),
            code: fc.constantFrom('not_now', 'not_found'),
            when: label(),
          }),
          { maxLength: 3, selector: ({ status, code }) => `${status} ${code}` },
        ),
      }),
      access: fc.constantFrom('public' as const, 'authenticated' as const),
      examples: fc.constant<CustomOperation['examples']>([]),
    })
    .map((made) => compact({ ...made, responses: compact(made.responses) }) as OperationDraft)
}

function withId(draft: OperationDraft, id: string, auth: Auth): CustomOperation {
  const { body, ...rest } = draft
  return {
    ...rest,
    id,
    path: `/x-${id}${draft.params.map(({ name }) => `/:${name}`).join('')}`,
    body: draft.method === 'GET' ? null : body,
    access: auth.kind === 'none' ? 'public' : draft.access,
    ...(auth.kind === 'jwt' &&
      auth.roles &&
      draft.access === 'authenticated' &&
      draft.rules.length > 1 && { roles: auth.roles.names.slice(1) }),
  }
}

function settings() {
  return fc.record({
    auth: fc.record({
      kind: fc.constantFrom('none' as const, 'jwt' as const, 'jwt' as const, 'apiKey' as const),
      roles: fc.option(fc.uniqueArray(fc.constantFrom(...ROLES), { minLength: 2, maxLength: 4 }), {
        nil: undefined,
      }),
    }),
    policies: fc.array(
      fc.record({
        operation: fc.constantFrom(...Operation.options),
        who: fc.constantFrom('public' as const, 'authenticated' as const, 'owner' as const, 'roles' as const),
        roles: fc.nat(15),
      }),
      { maxLength: 4 },
    ),
    title: label(),
    description: fc.oneof(fc.constant(''), label()),
    links: fc.array(fc.tuple(fc.nat(5), fc.nat(5)), { maxLength: 3 }),
  })
}

/** With authentication, each entity gets what its access needs; without, everything is public. */
function withAccess(made: Entity, auth: Auth): Entity {
  if (auth.kind === 'none') return { ...made, access: { read: 'public', write: 'public' } }
  if (auth.kind === 'apiKey') {
    const open = (who: Entity['access']['read']) => (who === 'owner' ? 'authenticated' : who)
    return { ...made, access: { read: open(made.access.read), write: open(made.access.write) } }
  }
  if (made.name === auth.account)
    return {
      ...made,
      access: { read: made.access.read, write: 'owner' },
    }
  if (!needsOwner(made)) return made
  const own = made.belongsTo.find(({ target, required }) => required && target === auth.account)
  if (own) return { ...made, owner: own.name }
  const name = toCamel('owner')!
  const owner: BelongsTo = {
    name,
    label: 'Owner',
    target: auth.account,
    required: true,
    unique: false,
    onDelete: 'cascade',
  }
  return { ...made, belongsTo: [...made.belongsTo, owner], owner: name }
}

const ROLES = ['member', 'admin', 'shop-owner', 'class', 'x1', 'content_editor']

function signIn(
  { kind, roles }: { kind: Auth['kind']; roles?: string[] | undefined },
  names: readonly string[],
): Auth {
  if (kind !== 'jwt' || names.length < 2) return { kind: kind === 'apiKey' ? kind : 'none' }
  if (roles === undefined) return { kind, account: names[0]! }
  return { kind, account: names[0]!, roles: { names: roles, initial: roles[0]! } }
}

type PolicyDraft = { operation: Operation; who: Policy['who']; roles: number }

/** Every second entity has policies that its authentication supports. */
function withPolicies(made: Entity, drafts: readonly PolicyDraft[], auth: Auth): Entity {
  if (auth.kind === 'none' || drafts.length === 0 || made.fields.length % 2 === 1) return made
  const names = auth.kind === 'jwt' ? (auth.roles?.names ?? []) : []
  const policyOf = ({ who, roles }: PolicyDraft): Policy => {
    const chosen = names.filter((_, at) => (roles >> at) % 2 === 1)
    if (who === 'roles') return chosen.length > 0 ? { who, roles: chosen } : { who: 'authenticated' }
    if (who !== 'owner') return { who }
    if (auth.kind !== 'jwt') return { who: 'authenticated' }
    return chosen.length > 0 ? { who, orRoles: chosen } : { who }
  }
  return {
    ...made,
    policies: Object.fromEntries(drafts.map((draft) => [draft.operation, policyOf(draft)])),
  }
}

/** Where accounts have roles, most entities have a field that some of them set. */
function withSetters(made: Entity, auth: Auth, roles: number): Entity {
  const names = auth.kind === 'jwt' ? (auth.roles?.names ?? []) : []
  const setBy = names.filter((_, at) => (roles >> at) % 2 === 1)
  const chosen =
    setBy.length === 0 || setBy.length === names.length
      ? undefined
      : made.fields.find(({ required, default: value }) => !required || value !== undefined)
  return { ...made, fields: made.fields.map((one) => (one === chosen ? { ...one, setBy } : one)) }
}

function pairs(
  names: readonly string[],
  links: readonly (readonly [number, number])[],
): Blueprint['manyToMany'] {
  return links
    .map(([a, b]) => ({ left: names[a % names.length]!, right: names[b % names.length]! }))
    .filter(({ left, right }) => left !== right)
}

function compact<T extends object>(made: T): T {
  return Object.fromEntries(Object.entries(made).filter(([, value]) => value !== undefined)) as T
}
