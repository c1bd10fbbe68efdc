import { z } from 'zod'
import { PLAIN_KINDS, Weekday } from '#contract'
import { MODEL_FIELD_KINDS } from '../field-kinds.ts'
import { listOrNone, LlmHelper, textOrNone } from './llm-helper-schema.ts'

/**
 * The Blueprint as a model returns it: flat and simple, because strict structured outputs support no optional properties,
 * defaults or string formats. Everything else is checked after `toBlueprint`.
 */

/**
 * One value in JSON: `items[].quantity`, `prices{}` for the values of any name, or an empty path for the whole. Nesting
 * would need recursion.
 */
const LlmPart = z.strictObject({
  path: z.string(),
  kind: z.enum([...PLAIN_KINDS, 'enum', 'array', 'object', 'record', 'any', 'entity']),
  required: z.boolean(),
  nullable: z.boolean(),
  values: z.array(z.string()).nullable(),
  entity: z.string().nullable(),
  /** Of numbers their value, of texts their length, of lists their number of members. */
  min: z.number().nullable(),
  max: z.number().nullable(),
  /** Of a string that is sent. */
  pattern: textOrNone,
  /** As text. */
  defaultValue: z.string().nullable(),
  description: z.string().nullable(),
})
export type LlmPart = z.infer<typeof LlmPart>

const LlmField = z.strictObject({
  name: z.string(),
  label: z.string(),
  kind: z.enum(MODEL_FIELD_KINDS),
  required: z.boolean(),
  /** Left out of an answer where it has no value, instead of null. */
  omitted: z.boolean(),
  unique: z.boolean(),
  /** The roles that alone set it; empty if everybody who writes the row does. */
  setBy: z.array(z.string()),
  maxLength: z.number().nullable(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  values: z.array(z.string()).nullable(),
  /** Of string alone. */
  pattern: textOrNone,
  /** What json holds; empty for any JSON, and for every other kind. */
  json: z.array(LlmPart),
  /** Both as text (`5`, `true`), since one type is what every server can enforce. */
  defaultValue: z.string().nullable(),
  example: z.string().nullable(),
  description: z.string().nullable(),
})
export type LlmField = z.infer<typeof LlmField>

const LlmEntity = z.strictObject({
  name: z.string(),
  plural: z.string(),
  label: z.string(),
  labelPlural: z.string(),
  description: z.string().nullable(),
  path: z.string(),
  /** Null for a UUID named id. */
  key: z.strictObject({ name: z.string(), kind: z.enum(['uuid', 'integer', 'text']) }).nullable(),
  /** Null for createdAt and updatedAt. */
  timestamps: z.strictObject({ created: z.string().nullable(), updated: z.string().nullable() }).nullable(),
  fields: z.array(LlmField),
  belongsTo: z.array(
    z.strictObject({
      name: z.string(),
      label: z.string(),
      target: z.string(),
      required: z.boolean(),
      unique: z.boolean(),
      onDelete: z.enum(['cascade', 'restrict', 'setNull']),
      /** Where it is not the name with Id. */
      property: z.string().nullable(),
    }),
  ),
  /** What is unique together, and what is looked up often; relations by their property, `authorId`. */
  indexes: z.array(z.strictObject({ properties: z.array(z.string()), unique: z.boolean() })),
  operations: z.array(z.enum(['list', 'create', 'read', 'update', 'delete'])),
  /** Who may do single operations, where that differs from the two that follow. */
  policies: z.array(
    z.strictObject({
      operation: z.enum(['list', 'create', 'read', 'update', 'delete']),
      who: z.enum(['public', 'authenticated', 'owner', 'roles']),
      roles: z.array(z.string()),
    }),
  ),
  readAccess: z.enum(['public', 'authenticated', 'owner']),
  writeAccess: z.enum(['public', 'authenticated', 'owner']),
  owner: z.string().nullable(),
})
export type LlmEntity = z.infer<typeof LlmEntity>

const LlmSuccess = z.strictObject({
  successKind: z.enum(['json', 'html', 'text', 'binary', 'none', 'redirect']),
  successStatus: z.number(),
  mediaType: z.string().nullable(),
  /** Empty unless `successKind` is json. */
  answer: z.array(LlmPart),
})
export type LlmSuccess = z.infer<typeof LlmSuccess>

/** Values of any form are the text of their JSON. */
const LlmRow = z.strictObject({ name: z.string(), entity: z.string(), values: z.string() })
export type LlmRow = z.infer<typeof LlmRow>
const LlmAnswer = z.strictObject({ service: z.string(), call: z.string(), answer: z.string() })
export type LlmAnswer = z.infer<typeof LlmAnswer>
const LlmRowChange = z.strictObject({
  change: z.enum(['created', 'changed', 'removed']),
  /** The name of a row that is there before; null for one that is created. */
  row: z.string().nullable(),
  /** Of a row that is created; null otherwise. */
  entity: z.string().nullable(),
  /** Null for a row that is removed. */
  values: z.string().nullable(),
})
export type LlmRowChange = z.infer<typeof LlmRowChange>

export const LlmOperation = z.strictObject({
  id: z.string(),
  entity: z.string().nullable(),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  path: z.string(),
  summary: z.string(),
  rules: z.array(z.string()),
  params: z.array(LlmPart),
  query: z.array(LlmPart),
  /** Request headers that the rules speak of; empty for most. */
  headers: z.array(LlmPart),
  /** Empty where nothing is sent. */
  body: z.array(LlmPart),
  ...LlmSuccess.shape,
  /** Other successes that the rules speak of, each with another status; empty for most. */
  otherSuccesses: z.array(LlmSuccess),
  errors: z.array(z.strictObject({ status: z.number(), code: z.string(), when: z.string() })),
  access: z.enum(['public', 'authenticated']),
  /** Empty where every account may. */
  roles: z.array(z.string()),
  /** The services that it calls. */
  uses: z.array(z.string()),
  examples: z.array(
    z.strictObject({
      title: z.string(),
      rows: z.array(LlmRow),
      params: z.string(),
      query: z.string(),
      headers: z.string(),
      answers: z.array(LlmAnswer),
      body: z.string().nullable(),
      status: z.number(),
      /** Of a refusal; null otherwise. */
      code: z.string().nullable(),
      /** Response headers as JSON text; null where none matters. */
      answerHeaders: z.string().nullable(),
      answer: z.string().nullable(),
      /** Empty where no row changes; null where the rules leave it open. */
      rowsAfter: z.array(LlmRowChange).nullable(),
    }),
  ),
})
export type LlmOperation = z.infer<typeof LlmOperation>

const LlmConfigValue = z.strictObject({
  name: z.string(),
  type: z.enum(['string', 'integer', 'number', 'boolean', 'url', 'secret']),
  description: z.string(),
  /** Both as text; null where it has to be set, and where there is none. */
  defaultValue: z.string().nullable(),
  example: z.string().nullable(),
})
export type LlmConfigValue = z.infer<typeof LlmConfigValue>

const LlmSeed = z.strictObject({
  name: z.string(),
  entity: z.string(),
  /** As the text of their JSON. */
  values: z.string(),
  links: z.array(z.string()),
})
export type LlmSeed = z.infer<typeof LlmSeed>

const LlmSchedule = z.strictObject({
  id: z.string(),
  description: z.string(),
  rules: z.array(z.string()),
  when: z.enum(['minutes', 'hours', 'daily', 'weekly', 'cron']),
  /** Of minutes and hours. */
  every: z.number().nullable(),
  /** Of daily and weekly: `02:30`, UTC. */
  at: z.string().nullable(),
  /** Of weekly; empty otherwise. */
  weekdays: z.array(Weekday),
  cron: z.string().nullable(),
  /** The services that it calls. */
  uses: z.array(z.string()),
  examples: z.array(
    z.strictObject({
      title: z.string(),
      /** The instant of the run. */
      now: z.string(),
      rows: z.array(LlmRow),
      answers: z.array(LlmAnswer),
      /** As in operations. */
      rowsAfter: z.array(LlmRowChange).nullable(),
      /** All calls to services, in order; null where it calls none. */
      calls: z
        .array(z.strictObject({ service: z.string(), call: z.string(), input: z.string().nullable() }))
        .nullable(),
    }),
  ),
})
export type LlmSchedule = z.infer<typeof LlmSchedule>

const LlmService = z.strictObject({
  name: z.string(),
  description: z.string(),
  /** Of configuration values. */
  baseUrl: z.string(),
  auth: z.enum(['none', 'bearer', 'header']),
  secret: z.string().nullable(),
  header: z.string().nullable(),
  timeoutMs: z.number().nullable(),
  retries: z.number().nullable(),
  calls: z.array(
    z.strictObject({
      id: z.string(),
      summary: z.string(),
      method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
      path: z.string(),
      params: z.array(LlmPart),
      query: z.array(LlmPart),
      /** Empty where nothing is sent, or where the answer does not matter. */
      body: z.array(LlmPart),
      answer: z.array(LlmPart),
    }),
  ),
})
export type LlmService = z.infer<typeof LlmService>

/** A decision that the request leaves to the person. The design is made with the first choice. */
const LlmQuestion = z.strictObject({ question: z.string(), choices: z.array(z.string()) })
export type LlmQuestion = z.infer<typeof LlmQuestion>

export const LlmBlueprint = z.strictObject({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  /** The entity whose rows sign in; null without accounts. */
  accountEntity: z.string().nullable(),
  /** The roles of accounts, first that of new ones; empty if all are alike. */
  roles: z.array(z.string()),
  /** Other programs send a key; never together with accounts. */
  apiKeys: z.boolean(),
  /** Null for X-API-Key. */
  apiKeyHeader: z.string().nullable(),
  entities: z.array(LlmEntity),
  manyToMany: z.array(z.strictObject({ left: z.string(), right: z.string() })),
  operations: z.array(LlmOperation),
  /** Set by the operator of the service. */
  config: z.array(LlmConfigValue),
  /** Initial rows; empty unless requested. */
  seeds: z.array(LlmSeed),
  schedules: z.array(LlmSchedule),
  services: z.array(LlmService),
  /** What several operations or schedules do alike; empty for most. */
  helpers: listOrNone(LlmHelper),
  assumptions: z.array(z.string()),
  notUnderstood: z.array(z.string()),
  /** Empty for most; at most three. */
  questions: listOrNone(LlmQuestion),
})
export type LlmBlueprint = z.infer<typeof LlmBlueprint>
