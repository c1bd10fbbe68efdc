import { z } from 'zod'

/**
 * The Blueprint as it travels from a model: flat and bare, because strict structured outputs know no optional
 * properties, no defaults and no string formats. Everything finer is checked after `toBlueprint`.
 */

const TransportField = z.strictObject({
  name: z.string(),
  label: z.string(),
  kind: z.enum([
    'string',
    'text',
    'integer',
    'number',
    'boolean',
    'date',
    'datetime',
    'email',
    'url',
    'enum',
  ]),
  required: z.boolean(),
  unique: z.boolean(),
  maxLength: z.number().nullable(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  values: z.array(z.string()).nullable(),
  /** Both as text (`5`, `true`), since one type is what every server can enforce. */
  defaultValue: z.string().nullable(),
  example: z.string().nullable(),
  description: z.string().nullable(),
})
export type TransportField = z.infer<typeof TransportField>

const TransportEntity = z.strictObject({
  name: z.string(),
  plural: z.string(),
  label: z.string(),
  labelPlural: z.string(),
  description: z.string().nullable(),
  path: z.string(),
  fields: z.array(TransportField),
  belongsTo: z.array(
    z.strictObject({
      name: z.string(),
      label: z.string(),
      target: z.string(),
      required: z.boolean(),
      unique: z.boolean(),
      onDelete: z.enum(['cascade', 'restrict', 'setNull']),
    }),
  ),
  operations: z.array(z.enum(['list', 'create', 'read', 'update', 'delete'])),
  readAccess: z.enum(['public', 'authenticated', 'owner']),
  writeAccess: z.enum(['public', 'authenticated', 'owner']),
  owner: z.string().nullable(),
})
export type TransportEntity = z.infer<typeof TransportEntity>

export const TransportBlueprint = z.strictObject({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  /** The entity whose rows sign in; null where nobody does. */
  accountEntity: z.string().nullable(),
  entities: z.array(TransportEntity),
  manyToMany: z.array(z.strictObject({ left: z.string(), right: z.string() })),
  assumptions: z.array(z.string()),
  notUnderstood: z.array(z.string()),
})
export type TransportBlueprint = z.infer<typeof TransportBlueprint>
