import { z } from 'zod'
import { ConfigValue } from './config-value.ts'
import { Credential } from './credential.ts'
import { ErrorFormat } from './error-format.ts'
import { Field, Label, RoleName } from './field.ts'
import { ForeignKey } from './foreign-key.ts'
import { Helper } from './helper.ts'
import { CustomOperation } from './operation.ts'
import { PascalName } from './shape.ts'
import { RowName } from './names.ts'
import { Index } from './row-index.ts'
import { SeedRow } from './seed-row.ts'
import { Schedule } from './schedule.ts'
import { Service } from './service.ts'

/**
 * The Blueprint: the complete design of a generated backend, before any code exists.
 * Designers produce it, the linter checks what a schema cannot, the renderer turns it into files.
 *
 * Two rules keep it small. A missing constraint is not enforced: nothing is added that was not requested. Identifiers
 * (`name`, `plural`, `path`) are restricted here, so free text can only arrive through `label`, `title`, `description` and
 * `example`, which the renderer encodes.
 */

/** An identifier in camelCase. Reserved words are allowed. */
const CamelName = z.string().regex(/^[a-z][a-zA-Z0-9]{0,59}$/)

/** A to-one relation: a property in the API and a foreign key in the database. */
export const BelongsTo = z.strictObject({
  name: CamelName,
  /** Exact property name; absent means `<name>Id`. */
  property: RowName.optional(),
  label: Label,
  /** `name` of the referenced entity; may be the entity itself. */
  target: PascalName,
  required: z.boolean(),
  /** One-to-one: no two rows reference the same target. */
  unique: z.boolean(),
  /** Action on this row when its target is deleted; `setNull` only if `required` is false. */
  onDelete: z.enum(['cascade', 'restrict', 'setNull']),
  /**
   * Refers only to rows that the account may change: a task goes into a project of one's own. Otherwise, to rows that
   * it may read.
   */
  ownOnly: z.boolean().optional(),
})
export type BelongsTo = z.infer<typeof BelongsTo>

export const Operation = z.enum(['list', 'create', 'read', 'update', 'delete'])
export type Operation = z.infer<typeof Operation>

/** Anyone, any authenticated account, or the account that owns the row. */
export const Access = z.enum(['public', 'authenticated', 'owner'])
export type Access = z.infer<typeof Access>

/** Access to one operation: an `Access` level, plus additional roles for `owner`, or only certain roles. */
export const Policy = z.discriminatedUnion('who', [
  z.strictObject({ who: z.literal('public') }),
  z.strictObject({ who: z.literal('authenticated') }),
  z.strictObject({ who: z.literal('owner'), orRoles: z.array(RoleName).max(8).optional() }),
  z.strictObject({ who: z.literal('roles'), roles: z.array(RoleName).min(1).max(8) }),
])
export type Policy = z.infer<typeof Policy>

/** The primary key. `integer` is assigned by the database; `uuid` and `text` default to a UUID. */
export const Key = z.strictObject({ name: RowName, kind: z.enum(['uuid', 'integer', 'text']) })
export type Key = z.infer<typeof Key>

/** Names of the creation and update timestamps, which the server sets. */
export const Timestamps = z.strictObject({ created: RowName.nullable(), updated: RowName.nullable() })
export type Timestamps = z.infer<typeof Timestamps>

export const Entity = z.strictObject({
  name: PascalName,
  /** PascalCase plural of `name`, used in the names of types and operations. */
  plural: PascalName,
  label: Label,
  labelPlural: Label,
  description: z.string().max(1000).optional(),
  /** Exact collection path, such as `/todos`: no trailing slash, no parameters. */
  path: z
    .string()
    .regex(/^(\/[a-zA-Z0-9][a-zA-Z0-9._~-]*)+$/)
    .max(200),
  /** Absent means a UUID named `id`. */
  key: Key.optional(),
  /** Absent means `createdAt` and `updatedAt`; null omits one. */
  stamps: Timestamps.optional(),
  /** Exact table name; columns are then named exactly like the properties. */
  table: RowName.optional(),
  fields: z.array(Field).max(120),
  belongsTo: z.array(BelongsTo).max(20),
  /** In addition to those for unique properties and relations. */
  indexes: z.array(Index).max(20).optional(),
  /** Those of several properties; `belongsTo` has the others. */
  foreignKeys: z.array(ForeignKey).min(1).max(10).optional(),
  operations: z.array(Operation).max(5),
  /** `read` covers list and read; `write` covers create, update and delete. */
  access: z.strictObject({ read: Access, write: Access }),
  /** Overrides `access` for single operations. */
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
   * Name of the `belongsTo` for the owner: references the account entity, is required, is set from the token and is not
   * accepted in a body. Present exactly when `access` or one of `policies` is `owner`, except on the account entity, whose
   * rows own themselves.
   */
  owner: CamelName.optional(),
})
export type Entity = z.infer<typeof Entity>

export const keyOf = ({ key }: Pick<Entity, 'key'>): Key => key ?? { name: 'id', kind: 'uuid' }
export const stampsOf = ({ stamps }: Pick<Entity, 'stamps'>): Timestamps =>
  stamps ?? { created: 'createdAt', updated: 'updatedAt' }
/** The foreign key property of a relation. */
export const relationProperty = ({ name, property }: Pick<BelongsTo, 'name' | 'property'>): string =>
  property ?? `${name}Id`

/** The policy of an operation: its own, or the one from `access`. */
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
  /** Exact names of the join table and its columns; derived from both entities by default. */
  table: RowName.optional(),
  leftColumn: RowName.optional(),
  rightColumn: RowName.optional(),
})
export type ManyToMany = z.infer<typeof ManyToMany>

export const Auth = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  /**
   * Bearer JWT with `POST /auth/register`, `POST /auth/login` and `GET /auth/me`. `account` names the entity
   * whose rows are accounts; it has a required, unique `email` field. The password is not one of its fields.
   */
  z.strictObject({
    kind: z.literal('jwt'),
    account: PascalName,
    /**
     * Each account has one, in the property `role`. New accounts get `initial`; the others are granted with access to the
     * database (`npm run grant`). Requests cannot set a role.
     */
    roles: z.strictObject({ names: z.array(RoleName).min(2).max(8), initial: RoleName }).optional(),
    /** Where requests carry the token: in any of these. Absent means `Authorization: Bearer <token>`. */
    credentials: z.array(Credential).min(1).max(8).optional(),
    /** The property that accounts sign in with; absent means `email`. */
    identity: RowName.optional(),
    /** Custom operations register accounts and sign them in, so there are no routes at `/auth`. */
    ownRoutes: z.literal(true).optional(),
  }),
  /** An API key in a header, for programs. Without accounts there is no ownership. */
  z.strictObject({
    kind: z.literal('apiKey'),
    /** Exact header name; absent means `X-API-Key`. */
    header: z
      .string()
      .regex(/^[a-zA-Z][a-zA-Z0-9_-]{0,59}$/)
      .optional(),
    /** Where requests carry the key, instead of `header`: in any of these. */
    credentials: z.array(Credential).min(1).max(8).optional(),
  }),
])
export type Auth = z.infer<typeof Auth>

export const Blueprint = z.strictObject({
  version: z.literal(1),
  /** kebab-case; names the package, the archive and the database file. */
  name: z
    .string()
    .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)
    .max(60),
  title: Label,
  description: z.string().max(2000),
  auth: Auth,
  /** None for a service that keeps nothing: then it has operations or schedules. */
  entities: z.array(Entity).max(1000),
  manyToMany: z.array(ManyToMany).max(1000),
  /** Operations beyond CRUD. Defaults to none for older Blueprints. */
  operations: z.array(CustomOperation).max(6000).default([]),
  /** Environment variables beyond those of every backend. */
  config: z.array(ConfigValue).max(40).default([]),
  /** Seed rows. Without any, examples are generated for every entity. */
  seeds: z.array(SeedRow).max(200).default([]),
  /** Scheduled tasks. */
  schedules: z.array(Schedule).max(20).default([]),
  /** Code that operations and tasks share; absent means that each has its own. */
  helpers: z.array(Helper).min(1).max(20).optional(),
  /** The form of error responses; absent means that of generated services. */
  errors: ErrorFormat.optional(),
  /** External HTTP services. */
  services: z.array(Service).max(10).default([]),
})
export type Blueprint = z.infer<typeof Blueprint>
