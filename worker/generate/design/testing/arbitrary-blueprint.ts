import * as fc from 'fast-check'
import {
  Operation,
  type Auth,
  type BelongsTo,
  type Blueprint,
  type Entity,
  type Field,
  type FieldType,
} from '#contract'
import { lintBlueprint } from '../lint-blueprint.ts'
import { pluralName, toCamel, toKebab } from '../words.ts'

/**
 * Random Blueprints that are valid and clean under the linter, for tests of whatever consumes them:
 * 1–6 entities, every type of field, relations of all rules, many-to-many, sign-in with owners, names
 * that are reserved words, and labels that try to break out of every language they are printed in.
 */
export function arbitraryBlueprint(): fc.Arbitrary<Blueprint> {
  return fc
    .uniqueArray(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 6 })
    .chain((names) =>
      fc.tuple(fc.constant(names), fc.tuple(...names.map((_, at) => entity(names, at))), settings()),
    )
    .map(([names, entities, { auth, title, description, links }]) => {
      const account: Auth = auth && names.length > 1 ? { kind: 'jwt', account: names[0]! } : { kind: 'none' }
      const draft: Blueprint = {
        version: 1,
        name: `${toKebab(names[0]!)}-api`,
        title,
        description,
        auth: account,
        entities: entities.map((one) => withAccess(one, account)),
        manyToMany: pairs(names, links),
      }
      return lintBlueprint(draft)
    })
    .filter(({ diagnostics }) => diagnostics.every(({ severity }) => severity === 'fixed'))
    .map(({ blueprint }) => blueprint)
}

const NAMES = `User Order Class Function Object Date Error Promise Group Table Index Series Person OrderItem
  UserPost Page Package Interface Map Symbol Select Default Delete Child Api Zadacha News Con Value
  Option Column Config Session Row A X1`.split(/\s+/)

const FIELD_NAMES =
  `title name class function order group select from default delete new return length index key value
  values type limit offset sort page q filter where isActive dueDate isbn13 a x1
  veryLongNameOfAFieldThatNobodyWouldEverReallyTypeButMay await async enum this null true undefined
  body params query request reply rowid userId2 ownerName`.split(/\s+/)

const RELATION_NAMES = ['parent', 'class', 'author', 'order', 'group', 'default', 'assignee', 'mainOne']

/** Words of a person, chosen to end strings, comments, tags and fences too early. */
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
    fc.integer({ min: 1, max: 300 }).map((maxLength): FieldType => ({ kind: 'string', maxLength })),
    bounds(fc.integer({ min: -1000, max: 1000 })).map((range): FieldType =>
      Object.assign({ kind: 'integer' as const }, range),
    ),
    bounds(someNumber()).map((range): FieldType => Object.assign({ kind: 'number' as const }, range)),
    fc
      .uniqueArray(line(), { minLength: 1, maxLength: 5 })
      .map((values): FieldType => ({ kind: 'enum', values })),
  )
}

/** Mostly what a person would write; now and then the ends of what a number can be. */
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

/** A value that fits the type. */
function valueOf(kind: FieldType): fc.Arbitrary<string | number | boolean> {
  switch (kind.kind) {
    case 'string':
      return line().map((text) => text.slice(0, kind.maxLength).toWellFormed())
    case 'text':
      return label()
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
    case 'enum':
      return fc.constantFrom(...kind.values)
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
      // Only what stands before may be required, so that no cycle comes about. The first is the account: it may
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
      prefix: fc.constantFrom('', '', '', '/api', '/v1.0', '/x~y'),
    })
    .map(
      ({ prefix, ...made }) =>
        compact({
          name,
          plural: pluralName(name),
          path: `${prefix}/${toKebab(pluralName(name))}`,
          ...made,
        }) as Entity,
    )
}

function settings() {
  return fc.record({
    auth: fc.boolean(),
    title: label(),
    description: fc.oneof(fc.constant(''), label()),
    links: fc.array(fc.tuple(fc.nat(5), fc.nat(5)), { maxLength: 3 }),
  })
}

/** Each entity under sign-in gets what its access needs; without sign-in everything is public. */
function withAccess(made: Entity, auth: Auth): Entity {
  if (auth.kind === 'none') return { ...made, access: { read: 'public', write: 'public' } }
  if (made.name === auth.account)
    return {
      ...made,
      access: { read: made.access.read, write: 'owner' },
    }
  if (made.access.read !== 'owner' && made.access.write !== 'owner') return made
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
