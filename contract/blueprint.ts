import { z } from 'zod'
import { ConfigValue } from './config-value.ts'
import { CustomOperation, Shape } from './operation.ts'
import { SeedRow } from './seed-row.ts'
import { Schedule } from './schedule.ts'
import { Service } from './service.ts'

/**
 * The Blueprint: everything a generated backend is, before a line of it exists.
 * Designers produce it, the linter checks what a schema cannot, the renderer turns it into files.
 *
 * Two rules keep it small. A constraint that is absent is not enforced: nothing is invented that
 * the person did not ask for. Machine names (`name`, `plural`, `path`) are restricted here, so that
 * free text can only arrive through `label`, `title`, `description` and `example`, which the renderer encodes.
 */

/** A machine name in camelCase. Reserved words are allowed. */
const CamelName = z.string().regex(/^[a-z][a-zA-Z0-9]{0,59}$/)
/** The name of a property of a row, exactly as it appears in the JSON of the API: `dueDate`, `due_date`, `CustomerID`. */
const RowName = z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]{0,62}$/)
/** An entity name in PascalCase, singular. Reserved words (`Order`, `Class`) are allowed. */
const PascalName = z.string().regex(/^[A-Z][a-zA-Z0-9]{0,59}$/)
/** A person's own words, shown in documents; any script, never in an identifier. */
const Label = z.string().trim().min(1).max(200)

export const FieldType = z.discriminatedUnion('kind', [
  /** One line of text. `maxLength` in UTF-16 code units, only if it was asked for. */
  z.strictObject({ kind: z.literal('string'), maxLength: z.int().min(1).max(100_000).optional() }),
  /** Several lines of text. */
  z.strictObject({ kind: z.literal('text') }),
  /** A whole number within JavaScript's safe range, optionally bounded (inclusive). */
  z.strictObject({ kind: z.literal('integer'), min: z.int().optional(), max: z.int().optional() }),
  /** A finite number, optionally bounded (inclusive). */
  z.strictObject({ kind: z.literal('number'), min: z.number().optional(), max: z.number().optional() }),
  z.strictObject({ kind: z.literal('boolean') }),
  /** A calendar day, `YYYY-MM-DD`. */
  z.strictObject({ kind: z.literal('date') }),
  /** An instant, ISO 8601 with an offset. */
  z.strictObject({ kind: z.literal('datetime') }),
  z.strictObject({ kind: z.literal('email') }),
  z.strictObject({ kind: z.literal('url') }),
  z.strictObject({ kind: z.literal('uuid') }),
  /** One of a closed list, in the person's own words; 1–50 values, distinct. */
  z.strictObject({ kind: z.literal('enum'), values: z.array(z.string().min(1).max(80)).min(1).max(50) }),
  /** A list, an object or anything else of JSON, kept as it is; neither unique nor searched. */
  z.strictObject({ kind: z.literal('json'), shape: Shape }),
])
export type FieldType = z.infer<typeof FieldType>

export const Field = z.strictObject({
  name: RowName,
  label: Label,
  type: FieldType,
  /** Required on create, never null afterwards. An optional field without a default is `null` when it is not set. */
  required: z.boolean(),
  /** How an optional field without a value is answered; absent means `null`. */
  unset: z.enum(['null', 'omitted']).optional(),
  /** No two rows share a value (nulls may repeat). */
  unique: z.boolean(),
  /** Used on create when the field is left out; must fit `type`. A field with a default may be left out and is never null. */
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  /** A realistic value that fits `type`, for seeds, tests and documents. */
  example: z.union([z.string(), z.number(), z.boolean()]).optional(),
  description: z.string().max(500).optional(),
})
export type Field = z.infer<typeof Field>

/** A to-one relation. It is a property in the API and a foreign key in the database. */
export const BelongsTo = z.strictObject({
  name: CamelName,
  /** The exact name of the property; absent means `<name>Id`. */
  property: RowName.optional(),
  label: Label,
  /** The `name` of the entity that is pointed to; may be the entity itself. */
  target: PascalName,
  required: z.boolean(),
  /** One-to-one: no two rows point to the same target. */
  unique: z.boolean(),
  /** What happens to this row when its target is deleted; `setNull` only where `required` is false. */
  onDelete: z.enum(['cascade', 'restrict', 'setNull']),
})
export type BelongsTo = z.infer<typeof BelongsTo>

export const Operation = z.enum(['list', 'create', 'read', 'update', 'delete'])
export type Operation = z.infer<typeof Operation>

/** Who may: anyone, anyone who is signed in, or the account that owns the row. */
export const Access = z.enum(['public', 'authenticated', 'owner'])
export type Access = z.infer<typeof Access>

/** The name of a role: `admin`, `shop-owner`. */
const RoleName = z.string().regex(/^[a-z][a-z0-9_-]{0,29}$/)

/** Who may do one thing: an `Access`, for an owner with the roles that may as well, or the roles that alone may. */
export const Policy = z.discriminatedUnion('who', [
  z.strictObject({ who: z.literal('public') }),
  z.strictObject({ who: z.literal('authenticated') }),
  z.strictObject({ who: z.literal('owner'), orRoles: z.array(RoleName).max(8).optional() }),
  z.strictObject({ who: z.literal('roles'), roles: z.array(RoleName).min(1).max(8) }),
])
export type Policy = z.infer<typeof Policy>

/** What identifies a row. The database numbers an `integer`; `uuid` and `text` are given a UUID where there is none. */
export const Key = z.strictObject({ name: RowName, kind: z.enum(['uuid', 'integer', 'text']) })
export type Key = z.infer<typeof Key>

/** The properties that hold when a row was made and last changed, which the server sets. */
export const Stamps = z.strictObject({ created: RowName.nullable(), updated: RowName.nullable() })
export type Stamps = z.infer<typeof Stamps>

/** What rows are looked up by, or what no two rows have in common: of fields, or the properties of relations. */
export const Index = z.strictObject({ properties: z.array(RowName).min(1).max(6), unique: z.boolean() })
export type Index = z.infer<typeof Index>

export const Entity = z.strictObject({
  name: PascalName,
  /** PascalCase plural of `name`, as it is used in the names of types and operations. */
  plural: PascalName,
  label: Label,
  labelPlural: Label,
  description: z.string().max(1000).optional(),
  /** The collection's exact path, such as `/todos`: no trailing slash, no parameters. */
  path: z
    .string()
    .regex(/^(\/[a-zA-Z0-9][a-zA-Z0-9._~-]*)+$/)
    .max(200),
  /** Absent means a UUID named `id`. */
  key: Key.optional(),
  /** Absent means `createdAt` and `updatedAt`; null where a row does not have it. */
  stamps: Stamps.optional(),
  /** The exact name of the table, whose columns then have exactly the names of the properties. */
  table: RowName.optional(),
  fields: z.array(Field).max(120),
  belongsTo: z.array(BelongsTo).max(20),
  /** Beside those that unique properties and relations have by themselves. */
  indexes: z.array(Index).max(20).optional(),
  operations: z.array(Operation).max(5),
  /** `read` covers list and read; `write` covers create, update and delete. */
  access: z.strictObject({ read: Access, write: Access }),
  /** Who may do a single operation, where that is something else than `access` says. */
  policies: z
    .strictObject({
      list: Policy.optional(),
      create: Policy.optional(),
      read: Policy.optional(),
      update: Policy.optional(),
      delete: Policy.optional(),
    })
    .optional(),
  /**
   * The name of the `belongsTo` that holds the owner: it points to the account entity, is required,
   * is set from the token and is not accepted in a body. Present exactly when `access` or one of `policies` says
   * `owner`, except on the account entity itself, whose rows own themselves.
   */
  owner: CamelName.optional(),
})
export type Entity = z.infer<typeof Entity>

export const keyOf = ({ key }: Pick<Entity, 'key'>): Key => key ?? { name: 'id', kind: 'uuid' }
export const stampsOf = ({ stamps }: Pick<Entity, 'stamps'>): Stamps =>
  stamps ?? { created: 'createdAt', updated: 'updatedAt' }
/** The property that holds the key of what a row belongs to. */
export const relationProperty = ({ name, property }: Pick<BelongsTo, 'name' | 'property'>): string =>
  property ?? `${name}Id`

/** Who may do an operation: its own policy, or else what `access` says of reading or writing. */
export function policyOf(
  { access, policies }: Pick<Entity, 'access' | 'policies'>,
  operation: Operation,
): Policy {
  const isRead = operation === 'list' || operation === 'read'
  return policies?.[operation] ?? { who: isRead ? access.read : access.write }
}

/** A many-to-many relation. Links are managed from `left`: `GET|PUT|DELETE <left>/:id/<right path segment>[/:rightId]`. */
export const ManyToMany = z.strictObject({
  left: PascalName,
  right: PascalName,
  /** The exact names of the table and its columns; absent means names after the two. */
  table: RowName.optional(),
  leftColumn: RowName.optional(),
  rightColumn: RowName.optional(),
})
export type ManyToMany = z.infer<typeof ManyToMany>

export const Auth = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  /**
   * Bearer JWT with `POST /auth/register`, `POST /auth/login` and `GET /auth/me`. `account` names the entity
   * whose rows sign in; it has a required, unique `email` field. The password is no field of it.
   */
  z.strictObject({
    kind: z.literal('jwt'),
    account: PascalName,
    /**
     * Each account has one of them, in the property `role`. Whoever registers gets `initial`; a person with access
     * to the database grants the others (`npm run grant`). Nobody gives a role in a request.
     */
    roles: z.strictObject({ names: z.array(RoleName).min(2).max(8), initial: RoleName }).optional(),
  }),
  /** A key in a header, for other programs. There are no accounts, so nobody owns anything. */
  z.strictObject({
    kind: z.literal('apiKey'),
    /** The exact name of the header; absent means `X-API-Key`. */
    header: z
      .string()
      .regex(/^[a-zA-Z][a-zA-Z0-9_-]{0,59}$/)
      .optional(),
  }),
])
export type Auth = z.infer<typeof Auth>

export const Blueprint = z.strictObject({
  version: z.literal(1),
  /** kebab-case; the name of the package, the archive and the database file. */
  name: z
    .string()
    .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)
    .max(60),
  title: Label,
  description: z.string().max(2000),
  auth: Auth,
  entities: z.array(Entity).min(1).max(120),
  manyToMany: z.array(ManyToMany).max(60),
  /** What is more than keeping rows. A Blueprint from before there were any has none. */
  operations: z.array(CustomOperation).max(250).default([]),
  /** What whoever runs it may or must set, besides what every backend reads. */
  config: z.array(ConfigValue).max(40).default([]),
  /** The rows that there are from the start. Where none are stated, a few of every kind are made up to look at. */
  seeds: z.array(SeedRow).max(200).default([]),
  /** What runs by the clock. */
  schedules: z.array(Schedule).max(20).default([]),
  /** What it calls over HTTP. */
  services: z.array(Service).max(10).default([]),
})
export type Blueprint = z.infer<typeof Blueprint>
